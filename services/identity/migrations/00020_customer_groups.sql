-- +goose Up

-- Who prices can be for, such as wholesale. Price lists and access tokens name a group by its code, so that stays.
create table customer_groups (
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    id         uuid        not null,
    code       text        not null check (length(code) between 1 and 64),
    name       text        not null check (length(name) between 1 and 255),
    version    bigint      not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (id, tenant_id),
    constraint customer_groups_code unique (code, tenant_id)
);
call protect('customer_groups');

-- A group with customers cannot go.
create table customer_group_members (
    tenant_id   uuid not null default current_tenant() references tenants (id),
    customer_id uuid not null,
    group_id    uuid not null,
    primary key (customer_id, group_id, tenant_id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade,
    foreign key (tenant_id, group_id) references customer_groups (tenant_id, id)
);
-- Customers of a group, newest first.
create index customer_group_members_group on customer_group_members (group_id, customer_id, tenant_id);
call protect('customer_group_members');
