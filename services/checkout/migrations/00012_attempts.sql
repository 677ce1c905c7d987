-- +goose Up
-- Attempts to make an order of a cart: how far the saga has come, who works on it, who asked for it, why it was refused.
-- With its last step an attempt becomes an order and its row goes; one that came to nothing is remembered for a while,
-- without personal data. So this table stays as small as there are shoppers at the till, and needs no index for the sweeper.
-- It has no foreign key to tenants: the order it becomes has.
create table attempts (
    id              uuid        not null,
    tenant_id       uuid        not null default current_tenant(),
    cart_id         uuid        not null,
    status          text        not null check (status in ('placing', 'failing', 'failed')),
    lease           uuid,
    leased_until    timestamptz,
    idempotency_key bytea       not null,
    caller          bytea       not null,
    payment_method  text        not null,
    failure         jsonb,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (id, tenant_id)
);
-- One cart makes one order, and is at one attempt at a time.
create unique index attempts_cart on attempts (cart_id, tenant_id) where status <> 'failed';

alter table orders no force row level security;
insert into attempts (id, tenant_id, cart_id, status, lease, leased_until, idempotency_key, caller, payment_method, failure, created_at, updated_at)
    select id, tenant_id, cart_id, status, lease, leased_until, idempotency_key, caller, payment_method, failure, created_at, updated_at
    from orders where placed_at is null;
delete from orders where placed_at is null;
alter table orders force row level security;
call protect('attempts', true);

drop index orders_cart, orders_placed_at, orders_status, orders_stuck, orders_failed;
alter table orders
    drop constraint orders_status_check,
    drop constraint orders_check2,
    drop column step, drop column lease, drop column leased_until, drop column failure,
    alter column number set not null, alter column email set not null, alter column currency set not null,
    alter column placed_at set not null,
    add constraint orders_status_check check (status in ('pending_payment', 'paid', 'partially_fulfilled', 'fulfilled', 'cancelled',
                                                         'partially_refunded', 'refunded'));
create unique index orders_cart on orders (cart_id, tenant_id);
create index orders_placed_at on orders (tenant_id, placed_at desc, id desc);
create index orders_status on orders (tenant_id, status, placed_at desc, id desc);
