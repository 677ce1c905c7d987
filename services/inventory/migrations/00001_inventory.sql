-- +goose Up
-- The balance of each variant. It follows from stock_movements (on_hand) and the live holds (reserved), and can be
-- rebuilt from them. on_hand may be below zero: units were sold on backorder, or paid after their hold had lapsed and
-- others had bought them.
create table stock (
    tenant_id       uuid        not null default current_tenant() references tenants (id),
    variant_id      uuid        not null,
    on_hand         bigint      not null,
    reserved        bigint      not null default 0,
    allow_backorder boolean     not null default false,
    version         bigint      not null default 1,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    primary key (variant_id, tenant_id),
    constraint stock_reserved check (reserved >= 0),
    constraint stock_version check (version >= 1)
) with (fillfactor = 50); -- a hot row is updated again and again: room on its page keeps that cheap
call protect('stock');

-- The ledger: one line for each time units came or went. Lines are added, never changed.
create table stock_movements (
    tenant_id  uuid        not null default current_tenant(),
    id         uuid        not null,
    variant_id uuid        not null,
    delta      bigint      not null,
    reason     text        not null,
    note       text        not null default '',
    order_id   uuid,
    actor_id   uuid,
    created_at timestamptz not null default now(),
    primary key (id, tenant_id),
    foreign key (tenant_id, variant_id) references stock (tenant_id, variant_id),
    constraint stock_movements_delta check (delta <> 0 or reason = 'initial'),
    constraint stock_movements_reason check (reason in
        ('received', 'stocktake', 'damaged', 'lost', 'returned', 'correction', 'initial', 'sold', 'restocked')),
    constraint stock_movements_of_order check ((reason in ('sold', 'restocked')) = (order_id is not null))
);
create index stock_movements_variant on stock_movements (variant_id, tenant_id, id);
-- Whatever is delivered twice, it is booked once.
create unique index stock_movements_initial on stock_movements (variant_id, tenant_id) where reason = 'initial';
create unique index stock_movements_order on stock_movements (order_id, variant_id, reason, tenant_id) where order_id is not null;
call protect('stock_movements');

-- +goose StatementBegin
create function keep_ledger() returns trigger
    language plpgsql
    as $$ begin raise exception 'lines of the stock ledger are added, never changed'; end $$;
-- +goose StatementEnd
create trigger keep_ledger before update or delete on stock_movements
    for each row execute function keep_ledger();

-- What orders hold. A row without lines is a tombstone: the order gave up before it held anything. The key begins with
-- the order: the sweeper sees all tenants here, and a policy with "or" in it cannot use an index on the tenant.
create table reservations (
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    order_id   uuid        not null,
    status     text        not null,
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (order_id, tenant_id),
    constraint reservations_status check (status in ('held', 'committed', 'released', 'expired')),
    constraint reservations_expires check (status <> 'held' or expires_at is not null)
);
create index reservations_lapsing on reservations (expires_at) where status = 'held';
call protect('reservations', true);

-- The tenant is known through both foreign keys.
create table reservation_lines (
    tenant_id  uuid   not null default current_tenant(),
    order_id   uuid   not null,
    variant_id uuid   not null,
    quantity   bigint not null,
    primary key (order_id, variant_id, tenant_id),
    foreign key (tenant_id, order_id) references reservations (tenant_id, order_id) on delete cascade,
    foreign key (tenant_id, variant_id) references stock (tenant_id, variant_id),
    constraint reservation_lines_quantity check (quantity > 0)
);
call protect('reservation_lines');
