-- +goose Up
-- What every schema has before its own migrations run.

-- +goose StatementBegin
create function current_tenant() returns uuid
    language sql stable parallel safe
    as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;
-- +goose StatementEnd

-- +goose StatementBegin
create function is_system() returns boolean
    language sql stable parallel safe
    as $$ select current_setting('app.tenant_id', true) = '00000000-0000-7000-8000-0000000000ff' $$;
-- +goose StatementEnd

-- Raises when a guarded statement touched no row; kit/pg turns it into the error the caller named.
-- +goose StatementBegin
create function guard(ok boolean, n integer) returns void
    language plpgsql parallel safe
    as $$ begin if not ok then raise exception using errcode = 'SV001', message = 'guard ' || n; end if; end $$;
-- +goose StatementEnd

-- Puts a table under row-level security by its tenant_id. With system_too, the machinery that serves all tenants sees it.
-- +goose StatementBegin
create procedure protect(t regclass, system_too boolean default false)
    language plpgsql
    as $$
begin
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    if system_too then
        execute format('create policy tenant on %s using (tenant_id = current_tenant() or is_system())', t);
    else
        execute format('create policy tenant on %s using (tenant_id = current_tenant())', t);
    end if;
end $$;
-- +goose StatementEnd

-- Tells the planner how much lies where, after a bulk load, on behalf of a role that owns no table. Row-level security
-- compares with a setting, of which the planner knows nothing: before there are statistics it takes the tenant alone for
-- a good way to one row.
-- +goose StatementBegin
create procedure analyze_tables()
    language plpgsql security definer set search_path from current
    as $$
declare
    t text;
begin
    for t in select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = current_schema() loop
        execute 'analyze ' || t;
    end loop;
end $$;
-- +goose StatementEnd

-- The tenants this room has heard of. The tenant_id of every noun points here; that of what hangs below one points there by way
-- of its parent, and the tables of the machinery below point nowhere: each such check locks the one row of a shop's tenant.
create table tenants (
    id         uuid primary key,
    created_at timestamptz not null default now()
);
alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenant on tenants using (id = current_tenant() or is_system());
insert into tenants (id) values ('00000000-0000-7000-8000-000000000001');

-- Events that were decided and not yet published. The relay deletes a row when the stream has it.
create table outbox (
    seq          bigint generated always as identity primary key,
    id           uuid        not null,
    tenant_id    uuid        not null default current_tenant(),
    subject      text        not null,
    aggregate_id uuid        not null,
    sequence     bigint      not null,
    body         bytea       not null,
    headers      jsonb       not null default '{}',
    created_at   timestamptz not null default now()
);
call protect('outbox', true);

-- Events that took effect here, so that a second delivery has none.
create table inbox (
    consumer    text        not null,
    event_id    uuid        not null,
    tenant_id   uuid        not null default current_tenant(),
    received_at timestamptz not null default now(),
    primary key (consumer, event_id)
);
create index inbox_received_at on inbox (received_at);
call protect('inbox', true);

-- How far each consumer has come with each aggregate, so that an older event cannot undo a newer one.
create table inbox_heads (
    consumer     text   not null,
    aggregate_id uuid   not null,
    tenant_id    uuid   not null default current_tenant(),
    sequence     bigint not null,
    primary key (consumer, aggregate_id)
);
call protect('inbox_heads', true);
