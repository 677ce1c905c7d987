-- +goose Up
-- Claims and answers of requests that carry an Idempotency-Key (kit/idem).
create table idempotency (
    key         bytea       not null,
    tenant_id   uuid        not null default current_tenant(),
    request     bytea       not null,
    claim       uuid        not null,
    claimed_at  timestamptz not null,
    status      integer,
    header      bytea,
    body        bytea,
    expires_at  timestamptz not null,
    primary key (key, tenant_id)
);
create index idempotency_expires_at on idempotency (expires_at);
call protect('idempotency', true);
