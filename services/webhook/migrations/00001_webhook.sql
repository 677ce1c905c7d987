-- +goose Up
create table subscriptions (
    id              uuid primary key,
    tenant_id       uuid        not null default current_tenant() references tenants (id),
    url             text        not null,
    events          text[]      not null check (cardinality(events) > 0),
    description     text,
    active          boolean     not null default true,
    disabled_reason text        not null default '',
    failing_since   timestamptz, -- first failure since the last success
    version         bigint      not null default 1,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    unique (id, tenant_id)
);
call protect('subscriptions', true);

-- Signing secrets. The newest has no end; those before it sign beside it until theirs.
create table secrets (
    id              uuid primary key,
    tenant_id       uuid        not null default current_tenant(),
    subscription_id uuid        not null,
    sealed          bytea       not null,
    expires_at      timestamptz,
    created_at      timestamptz not null,
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id) on delete cascade
);
create index secrets_subscription on secrets (subscription_id, tenant_id);
call protect('secrets', true);

-- One event on its way to one receiver. It is open, and will be tried, as long as next_attempt_at is set.
create table deliveries (
    id              uuid primary key,
    tenant_id       uuid        not null default current_tenant(),
    subscription_id uuid        not null,
    event_id        uuid        not null,
    event_type      text        not null,
    aggregate_id    uuid        not null,
    sequence        bigint      not null,
    arrival         bigint      generated always as identity, -- breaks ties of sequence
    body            bytea       not null,
    status          text        not null check (status in ('pending', 'delivered', 'failed', 'exhausted')),
    attempts        integer     not null default 0, -- all of them
    tries           integer     not null default 0, -- since it was queued or retried by hand
    last_attempt_at timestamptz,
    next_attempt_at timestamptz,
    lease           uuid,
    leased_until    timestamptz,
    response_status integer     not null default 0,
    response_body   text        not null default '',
    error           text        not null default '',
    duration_ms     bigint      not null default 0,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint deliveries_once unique (subscription_id, event_id),
    check ((next_attempt_at is not null) = (status in ('pending', 'failed'))),
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id) on delete cascade
);
create index deliveries_newest on deliveries (tenant_id, id);
create index deliveries_of_subscription on deliveries (subscription_id, tenant_id, id);
create index deliveries_of_status on deliveries (tenant_id, status, id);
create index deliveries_due on deliveries (subscription_id, next_attempt_at, arrival) where next_attempt_at is not null;
create index deliveries_line on deliveries (subscription_id, aggregate_id, sequence, arrival) where next_attempt_at is not null;
create index deliveries_leased on deliveries (subscription_id, leased_until) where lease is not null;
create index deliveries_closed on deliveries (updated_at) where next_attempt_at is null;
call protect('deliveries', true);
