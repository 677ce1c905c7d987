-- +goose Up
-- What a shopper is about to buy. The key begins with the cart: the sweeper sees all tenants here, and a policy with
-- "or" in it cannot use an index on the tenant.
create table carts (
    tenant_id          uuid        not null default current_tenant() references tenants (id),
    id                 uuid        not null,
    token_hash         bytea       not null, -- SHA-256 of the secret, which is nowhere kept
    status             text        not null default 'active',
    currency           char(3)     not null,
    customer_id        uuid,
    email              text,
    shipping_address   jsonb,
    billing_address    jsonb,
    shipping_rate_id   text,
    -- The order that claimed the cart, and what it was claimed at.
    order_id           uuid,
    pricing            jsonb,
    -- The last order that gave the cart back: its claim, should it still be under way, must not succeed any more.
    withdrawn_order_id uuid,
    version            bigint      not null default 1,
    expires_at         timestamptz not null, -- of an active cart: when it lapses; of a closed one: when it is deleted
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    primary key (id, tenant_id),
    constraint carts_status check (status in ('active', 'converted', 'abandoned')),
    constraint carts_token check (octet_length(token_hash) = 32),
    constraint carts_claim check ((status = 'converted') = (order_id is not null) and (order_id is null) = (pricing is null)),
    constraint carts_version check (version >= 1)
) with (fillfactor = 80);
-- The only index a change of a cart could touch. expires_at moves in steps, so that nearly all changes leave it alone and
-- stay on the row's page.
create index carts_expires_at on carts (expires_at);
call protect('carts', true);

-- One line for each variant, with what the shopper saw when it was added.
create table cart_lines (
    tenant_id     uuid    not null default current_tenant(),
    cart_id       uuid    not null,
    id            uuid    not null,
    variant_id    uuid    not null,
    product_id    uuid    not null,
    product_slug  text    not null,
    title         text    not null,
    variant_title text    not null,
    sku           text    not null,
    options       jsonb   not null default '{}',
    image         text    not null default '',
    quantity      bigint  not null,
    unit_price    bigint  not null, -- minor units of the cart's currency
    primary key (cart_id, variant_id, tenant_id),
    foreign key (cart_id, tenant_id) references carts (id, tenant_id) on delete cascade,
    constraint cart_lines_quantity check (quantity between 1 and 10000),
    constraint cart_lines_price check (unit_price >= 0)
);
call protect('cart_lines');
