-- +goose Up
-- How often the buyer of an order was given a file.
create table order_downloads (
    order_id   uuid        not null,
    file_id    uuid        not null,
    tenant_id  uuid        not null default current_tenant(),
    used       bigint      not null check (used > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (order_id, file_id, tenant_id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id) on delete cascade
);
call protect('order_downloads');

-- The keys of downloads that were counted, so that a repetition is not.
create table order_download_keys (
    order_id        uuid        not null,
    idempotency_key bytea       not null,
    tenant_id       uuid        not null default current_tenant(),
    file_id         uuid        not null,
    created_at      timestamptz not null,
    primary key (order_id, idempotency_key, tenant_id),
    foreign key (tenant_id, order_id, file_id) references order_downloads (tenant_id, order_id, file_id) on delete cascade
);
call protect('order_download_keys');
