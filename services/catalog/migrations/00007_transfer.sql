-- +goose Up

-- Long work: imports and exports. A job is queued until its input is whole (ready) and a process has time; the process
-- that runs it holds a lease, and whoever finds the lease run out takes over where the last commit left it: input_at,
-- after_id and the counts are written in the transaction that writes the products they speak of.
create table jobs (
    id              uuid        not null,
    tenant_id       uuid        not null default current_tenant() references tenants (id),
    kind            text        not null check (kind in ('import_products', 'export_products')),
    status          text        not null check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    format          text        not null check (format in ('csv', 'ndjson')),
    dry_run         boolean     not null,
    stop_on_error   boolean     not null,
    filter          bytea,      -- of an export: catalog.v1.ListProductsRequest
    created_by      uuid        not null,
    key             text,       -- idempotency key of who asked
    ready           boolean     not null,
    input_chunks    integer     not null default 0,
    input_bytes     bigint      not null default 0,
    input_sha256    bytea,
    total           bigint,     -- null until the input has been looked through
    done            bigint      not null default 0,
    created         bigint      not null default 0,
    updated         bigint      not null default 0,
    unchanged       bigint      not null default 0,
    failed          bigint      not null default 0,
    errors          bigint      not null default 0,
    ignored         text[]      not null default '{}',
    input_at        bigint      not null default 0, -- byte of the input at which the next row begins
    input_row       bigint      not null default 0, -- number of the last row before it
    after_id        uuid,       -- last product written by an export
    output_chunks   integer     not null default 0,
    output_bytes    bigint      not null default 0,
    failure_code    text,
    failure_message text,
    attempts        integer     not null default 0, -- starts since the last progress
    lease_owner     uuid,
    lease_until     timestamptz,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    started_at      timestamptz,
    finished_at     timestamptz,
    primary key (id, tenant_id)
);
create index jobs_newest on jobs (tenant_id, created_at, id);
create index jobs_waiting on jobs (updated_at) where ready and status in ('queued', 'running');
create index jobs_by_age on jobs (updated_at);
create unique index jobs_key on jobs (key, created_by, tenant_id) where key is not null;
call protect('jobs', true);

-- Input and output in pieces of at most 1 MiB. They are not compressed: they are written once and read once.
create table job_input (
    tenant_id uuid    not null default current_tenant() references tenants (id),
    job_id    uuid    not null,
    number    integer not null,
    data      bytea   not null,
    primary key (job_id, number, tenant_id),
    foreign key (tenant_id, job_id) references jobs (tenant_id, id) on delete cascade
);
alter table job_input alter column data set storage external;
call protect('job_input');

create table job_output (
    tenant_id uuid    not null default current_tenant() references tenants (id),
    job_id    uuid    not null,
    number    integer not null,
    data      bytea   not null,
    primary key (job_id, number, tenant_id),
    foreign key (tenant_id, job_id) references jobs (tenant_id, id) on delete cascade
);
alter table job_output alter column data set storage external;
call protect('job_output');

create table job_errors (
    tenant_id   uuid   not null default current_tenant() references tenants (id),
    job_id      uuid   not null,
    number      bigint not null,
    row_number  bigint not null,
    column_name text   not null,
    code        text   not null,
    message     text   not null,
    value       text   not null,
    primary key (job_id, number, tenant_id),
    foreign key (tenant_id, job_id) references jobs (tenant_id, id) on delete cascade
);
call protect('job_errors');

-- What a dry run would have taken: it writes nothing, and has to notice that a later row wants the same.
create table job_seen (
    tenant_id uuid not null default current_tenant() references tenants (id),
    job_id    uuid not null,
    key       text not null, -- "product SLUG" or "sku SKU"
    slug      text not null, -- of the product that took it
    primary key (job_id, key, tenant_id),
    foreign key (tenant_id, job_id) references jobs (tenant_id, id) on delete cascade
);
call protect('job_seen');
