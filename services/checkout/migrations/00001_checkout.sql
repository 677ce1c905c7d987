-- +goose Up
-- Orders. Those that are being placed, taken back or came to nothing (placing, failing, failed) belong to the saga alone.
create table orders (
    id                 uuid        not null,
    tenant_id          uuid        not null default current_tenant() references tenants (id),
    cart_id            uuid        not null,
    status             text        not null check (status in ('placing', 'failing', 'failed', 'pending_payment', 'paid', 'partially_fulfilled',
                                                              'fulfilled', 'cancelled', 'partially_refunded', 'refunded')),
    -- The saga: how far it has come, who works on it, who asked for it, why it was refused.
    step               text        not null,
    lease              uuid,
    leased_until       timestamptz,
    idempotency_key    bytea       not null,
    caller             bytea       not null,
    failure            jsonb,
    number             text,
    email              text,
    customer_id        uuid,
    currency           char(3),
    subtotal           bigint      not null default 0,
    discount           bigint      not null default 0,
    shipping           bigint      not null default 0,
    tax                bigint      not null default 0,
    total              bigint      not null default 0,
    tax_inclusive      boolean     not null default true,
    tax_lines          jsonb,
    shipping_address   jsonb,
    billing_address    jsonb,
    shipping_rate_id   text        not null default '',
    shipping_rate_name text        not null default '',
    payment_method     text        not null,
    paid               bigint      not null default 0 check (paid between 0 and total),
    refunded           bigint      not null default 0 check (refunded between 0 and paid),
    cancel_reason      text,
    payment_due_at     timestamptz,
    placed_at          timestamptz,
    version            bigint      not null default 0,
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    primary key (id, tenant_id),
    check (placed_at is null or number is not null and email is not null and currency is not null)
);
-- One cart makes one order.
create unique index orders_cart on orders (cart_id, tenant_id) where status <> 'failed';
create unique index orders_number on orders (number, tenant_id);
create index orders_placed_at on orders (tenant_id, placed_at desc, id desc) where placed_at is not null;
create index orders_status on orders (tenant_id, status, placed_at desc, id desc) where placed_at is not null;
create index orders_customer on orders (customer_id, tenant_id, placed_at desc, id desc) where customer_id is not null;
-- What the sweeper looks for, in all tenants.
create index orders_stuck on orders (leased_until) where status in ('placing', 'failing');
create index orders_overdue on orders (payment_due_at) where status = 'pending_payment';
create index orders_failed on orders (updated_at) where status = 'failed';
call protect('orders', true);

create table order_items (
    order_id           uuid   not null,
    id                 uuid   not null,
    tenant_id          uuid   not null default current_tenant(),
    position           bigint not null,
    variant_id         uuid   not null,
    product_id         uuid   not null,
    product_slug       text   not null,
    title              text   not null,
    variant_title      text   not null,
    sku                text   not null,
    image              text   not null,
    quantity           bigint not null check (quantity > 0),
    fulfilled_quantity bigint not null default 0 check (fulfilled_quantity between 0 and quantity),
    refunded_quantity  bigint not null default 0 check (refunded_quantity between 0 and quantity),
    unit_price         bigint not null,
    total              bigint not null,
    tax_rate           bigint not null,
    tax                bigint not null,
    primary key (order_id, id, tenant_id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id) on delete cascade
);
call protect('order_items');

create table payments (
    order_id        uuid        not null,
    id              uuid        not null,
    tenant_id       uuid        not null default current_tenant(),
    method          text        not null,
    amount          bigint      not null check (amount > 0),
    actor_id        uuid,
    idempotency_key bytea,
    created_at      timestamptz not null,
    primary key (order_id, id, tenant_id),
    unique (order_id, idempotency_key, tenant_id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id) on delete cascade
);
call protect('payments');

create table refunds (
    order_id        uuid        not null,
    id              uuid        not null,
    tenant_id       uuid        not null default current_tenant(),
    amount          bigint      not null check (amount > 0),
    reason          text        not null,
    actor_id        uuid,
    idempotency_key bytea,
    created_at      timestamptz not null,
    primary key (order_id, id, tenant_id),
    unique (order_id, idempotency_key, tenant_id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id) on delete cascade
);
call protect('refunds');

create table fulfilments (
    order_id        uuid        not null,
    id              uuid        not null,
    tenant_id       uuid        not null default current_tenant(),
    carrier         text,
    tracking_number text,
    actor_id        uuid,
    idempotency_key bytea,
    created_at      timestamptz not null,
    primary key (order_id, id, tenant_id),
    unique (order_id, idempotency_key, tenant_id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id) on delete cascade
);
call protect('fulfilments');

create table fulfilment_items (
    order_id      uuid   not null,
    fulfilment_id uuid   not null,
    order_item_id uuid   not null,
    tenant_id     uuid   not null default current_tenant(),
    quantity      bigint not null check (quantity > 0),
    position      bigint not null,
    primary key (order_id, fulfilment_id, order_item_id, tenant_id),
    foreign key (tenant_id, order_id, fulfilment_id) references fulfilments (tenant_id, order_id, id) on delete cascade,
    foreign key (tenant_id, order_id, order_item_id) references order_items (tenant_id, order_id, id)
);
call protect('fulfilment_items');

create table order_history (
    order_id    uuid        not null,
    id          uuid        not null,
    tenant_id   uuid        not null default current_tenant(),
    from_status text,
    to_status   text        not null,
    actor_id    uuid,
    note        text        not null,
    created_at  timestamptz not null,
    primary key (order_id, id, tenant_id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id) on delete cascade
);
call protect('order_history');

-- The last number given out, per tenant.
create table order_numbers (
    tenant_id uuid   primary key default current_tenant() references tenants (id),
    last      bigint not null
);
call protect('order_numbers');
