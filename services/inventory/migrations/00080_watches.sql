-- +goose Up

-- How many units of a variant bundles take at once, from 2 on.
create table stock_watches (
    tenant_id  uuid   not null default current_tenant() references tenants (id),
    bundle_id  uuid   not null,
    variant_id uuid   not null,
    quantity   bigint not null check (quantity > 1),
    primary key (bundle_id, variant_id, quantity, tenant_id)
);
create index stock_watches_variant on stock_watches (variant_id, quantity, tenant_id);
call protect('stock_watches');

-- The same with the balance, ascending and each once, so that whoever locks the balance sees what has to be told of it.
alter table stock add column watched bigint[] not null default '{}';
