-- +goose Up

-- prior_price goes with price: the lowest price of the 30 days before it was reduced, frozen then. price_now is what the
-- public pays while price lists say otherwise than price; null when they do not. offers is a read column: the fields
-- prior_price, prices and price_entries of catalog.v1.Variant in the wire form, from which a price is told in one lookup.
alter table variants
    add column prior_price bigint,
    add column price_now   bigint check (price_now >= 0),
    add column offers      bytea;

-- Base prices in further currencies. The one in the product's currency stands in variants.
create table variant_prices (
    tenant_id  uuid    not null default current_tenant() references tenants (id),
    product_id uuid    not null,
    variant_id uuid    not null,
    currency   char(3) not null,
    amount     bigint  not null check (amount >= 0),
    compare_at bigint check (compare_at >= 0),
    prior      bigint,
    primary key (variant_id, currency, tenant_id),
    foreign key (tenant_id, product_id, variant_id) references variants (tenant_id, product_id, id) on delete cascade
);
create index variant_prices_product on variant_prices (product_id, tenant_id);
call protect('variant_prices');

-- changed_at is when what the list does was last changed: its type, status, priority, times or scope. due_at is when it
-- begins or ends next.
create table price_lists (
    id             uuid        not null,
    tenant_id      uuid        not null default current_tenant() references tenants (id),
    name           text        not null,
    code           text        not null,
    type           text        not null check (type in ('sale', 'override')),
    status         text        not null check (status in ('draft', 'active')),
    priority       integer     not null,
    starts_at      timestamptz,
    ends_at        timestamptz,
    announced_at   timestamptz,
    customer_group text        not null,
    channel        text        not null,
    country        text        not null,
    version        bigint      not null,
    changed_at     timestamptz not null,
    due_at         timestamptz,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    primary key (id, tenant_id),
    constraint price_lists_code unique (code, tenant_id),
    check (ends_at > starts_at),
    check (announced_at <= starts_at)
);
create index price_lists_newest on price_lists (tenant_id, created_at, id);
create index price_lists_due on price_lists (due_at, tenant_id) where due_at is not null;
call protect('price_lists', true);

create table price_list_prices (
    tenant_id    uuid        not null default current_tenant() references tenants (id),
    list_id      uuid        not null,
    product_id   uuid        not null,
    variant_id   uuid        not null,
    currency     char(3)     not null,
    min_quantity bigint      not null check (min_quantity >= 1),
    amount       bigint      not null check (amount >= 0),
    changed_at   timestamptz not null,
    primary key (list_id, variant_id, currency, min_quantity, tenant_id),
    constraint price_list_prices_list foreign key (tenant_id, list_id) references price_lists (tenant_id, id) on delete cascade,
    constraint price_list_prices_variant foreign key (tenant_id, product_id, variant_id) references variants (tenant_id, product_id, id) on delete cascade
);
create index price_list_prices_variant on price_list_prices (variant_id, tenant_id);
create index price_list_prices_product on price_list_prices (product_id, variant_id, tenant_id);
call protect('price_list_prices');

-- Products whose prices in force have to be brought up to what the lists say. No foreign key: it would hold every product
-- of a large list while that list is queued. What is gone when its turn comes is passed over.
create table price_work (
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    product_id uuid        not null,
    due_at     timestamptz not null,
    primary key (product_id, tenant_id)
);
create index price_work_due on price_work (due_at, product_id, tenant_id);
call protect('price_work', true);

-- What was in force when. A null amount says that the source offered no price any more. list_id is null for a base
-- price; what the list was then is kept with it, because lists change and go. It outlives products and lists, which is
-- why it points at neither.
create table price_history (
    seq            bigint      not null generated always as identity,
    tenant_id      uuid        not null default current_tenant() references tenants (id),
    product_id     uuid        not null,
    variant_id     uuid        not null,
    list_id        uuid,
    list_type      text,
    priority       integer     not null,
    customer_group text        not null,
    channel        text        not null,
    country        text        not null,
    currency       char(3)     not null,
    min_quantity   bigint      not null,
    amount         bigint,
    prior          bigint,
    effective_at   timestamptz not null,
    primary key (seq, tenant_id)
);
create index price_history_variant on price_history (variant_id, effective_at, seq, tenant_id);

-- Prices that are there already are in force at least since their variant was last changed.
alter table variants no force row level security;
insert into price_history (tenant_id, product_id, variant_id, priority, customer_group, channel, country, currency, min_quantity, amount, effective_at)
    select tenant_id, product_id, id, 0, '', '', '', currency, 1, price, updated_at from variants order by id;
alter table variants force row level security;
call protect('price_history');

-- +goose StatementBegin
create function refuse_change() returns trigger
    language plpgsql
    as $$ begin raise exception '% is append-only', tg_table_name using errcode = 'SV002'; end $$;
-- +goose StatementEnd
create trigger price_history_append_only before update or delete or truncate on price_history
    for each statement execute function refuse_change();
