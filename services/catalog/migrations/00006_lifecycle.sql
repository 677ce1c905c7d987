-- +goose Up

-- A bundle is made of variants of other products, and never becomes anything else.
alter table products add column bundle boolean not null default false;

-- sold_at is when the first order came; a variant that was sold is archived instead of deleted, and its SKU stays taken.
alter table variants add column sold_at timestamptz, add column archived_at timestamptz;

-- What is to happen to a product by itself, and why the last publishing did not. due_at is the next of the two moments;
-- a table of its own, so that the sweeper of all tenants need not see products.
create table product_schedules (
    tenant_id     uuid        not null default current_tenant() references tenants (id),
    product_id    uuid        not null,
    publish_at    timestamptz,
    unpublish_at  timestamptz,
    error_code    text,
    error_message text,
    error_at      timestamptz,
    due_at        timestamptz,
    primary key (product_id, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade,
    check (due_at is not distinct from least(publish_at, unpublish_at)),
    check (unpublish_at > publish_at),
    check ((error_code is null) = (error_message is null) and (error_code is null) = (error_at is null))
);
create index product_schedules_due on product_schedules (due_at) where due_at is not null;
call protect('product_schedules', true);

-- What a variant of a bundle is made of, in order. A variant that is part of one cannot be deleted.
create table bundle_components (
    tenant_id    uuid     not null default current_tenant() references tenants (id),
    product_id   uuid     not null,
    variant_id   uuid     not null,
    component_id uuid     not null,
    quantity     bigint   not null check (quantity between 1 and 1000),
    position     smallint not null,
    primary key (variant_id, component_id, tenant_id),
    foreign key (tenant_id, product_id, variant_id) references variants (tenant_id, product_id, id) on delete cascade,
    constraint bundle_components_component foreign key (tenant_id, component_id) references variants (tenant_id, id),
    check (component_id <> variant_id)
);
create index bundle_components_product on bundle_components (product_id, tenant_id);
create index bundle_components_component_id on bundle_components (component_id, tenant_id);
call protect('bundle_components');

-- What a change of many products has done already, so that repeating it after a crash does not lower a price twice.
create table product_edits (
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    key        text        not null,
    product_id uuid        not null,
    version    bigint      not null,
    made_at    timestamptz not null,
    primary key (key, product_id, tenant_id)
);
create index product_edits_made_at on product_edits (made_at);
call protect('product_edits', true);
