-- +goose Up

-- The shops of this installation. Under system scope too: a host is looked up before its tenant is known.
create table shops (
    tenant_id  uuid primary key default current_tenant() references tenants (id),
    name       text        not null check (length(name) between 1 and 255),
    created_at timestamptz not null default now()
);
call protect('shops', true);
insert into shops (tenant_id, name) values ('00000000-0000-7000-8000-000000000001', 'My shop');

-- A host name leads to one shop in the whole installation, so it is unique without the tenant.
create table shop_hosts (
    host       text        not null constraint shop_hosts_host primary key,
    tenant_id  uuid        not null default current_tenant() references shops (tenant_id),
    created_at timestamptz not null default now()
);
create index shop_hosts_tenant on shop_hosts (tenant_id);
call protect('shop_hosts', true);

-- The key that signs access tokens belongs to the installation and not to a tenant. It is sealed with the room's secret.
create table signing_keys (
    id         uuid primary key,
    sealed     bytea       not null,
    created_at timestamptz not null,
    retired_at timestamptz
);
create unique index signing_keys_active on signing_keys ((true)) where retired_at is null;
alter table signing_keys enable row level security;
alter table signing_keys force row level security;
create policy installation on signing_keys using (is_system());

create table staff (
    tenant_id     uuid        not null default current_tenant() references tenants (id),
    id            uuid        not null,
    email         text        not null check (email = lower(email collate "C")),
    name          text        not null,
    role          text        not null check (role in ('owner', 'admin', 'staff')),
    password_hash text        not null check (password_hash like '$argon2id$%'),
    disabled_at   timestamptz,
    last_login_at timestamptz,
    version       bigint      not null default 1,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    primary key (id, tenant_id),
    constraint staff_email unique (email, tenant_id)
);
-- There is one owner, whoever asks at the same time.
create unique index staff_owner on staff (tenant_id) where role = 'owner';
call protect('staff');

create table customers (
    tenant_id         uuid        not null default current_tenant() references tenants (id),
    id                uuid        not null,
    email             text        not null check (email = lower(email collate "C")),
    password_hash     text        not null check (password_hash like '$argon2id$%'),
    name              text,
    phone             text,
    accepts_marketing boolean     not null default false,
    version           bigint      not null default 1,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    primary key (id, tenant_id),
    constraint customers_email unique (email, tenant_id)
);
call protect('customers');

-- A session is a family of refresh tokens: what revokes it ends them all. The sweeper sees every tenant's.
create table sessions (
    tenant_id   uuid        not null default current_tenant() references tenants (id),
    id          uuid        not null,
    staff_id    uuid,
    customer_id uuid,
    created_at  timestamptz not null,
    expires_at  timestamptz not null, -- of its newest refresh token
    ends_at     timestamptz not null, -- however often it is refreshed
    revoked_at  timestamptz,
    primary key (id, tenant_id),
    constraint sessions_one_realm check (num_nonnulls(staff_id, customer_id) = 1),
    foreign key (tenant_id, staff_id) references staff (tenant_id, id) on delete cascade,
    foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade
);
create index sessions_staff on sessions (staff_id, tenant_id) where staff_id is not null;
create index sessions_customer on sessions (customer_id, tenant_id) where customer_id is not null;
create index sessions_expires_at on sessions (expires_at);
call protect('sessions', true);

-- Only the SHA-256 of a token is kept: what leaks from here signs nobody in.
create table refresh_tokens (
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    token_hash bytea       not null check (length(token_hash) = 32),
    session_id uuid        not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    primary key (token_hash, tenant_id),
    foreign key (tenant_id, session_id) references sessions (tenant_id, id) on delete cascade
);
create index refresh_tokens_session on refresh_tokens (session_id, tenant_id);
call protect('refresh_tokens', true);

-- How often something was tried. The bucket is a keyed hash, so neither addresses nor e-mails stand here.
create table throttles (
    tenant_id uuid        not null default current_tenant() references tenants (id),
    bucket    bytea       not null,
    hits      integer     not null,
    resets_at timestamptz not null,
    primary key (bucket, tenant_id)
);
create index throttles_resets_at on throttles (resets_at);
call protect('throttles', true);

-- One row per shop; a section whose columns are null has its defaults.
create table settings (
    tenant_id          uuid        primary key default current_tenant() references tenants (id),
    id                 uuid        not null,
    version            bigint      not null default 0,
    store_name         text,
    default_currency   char(3),
    country            char(2),
    tax_rate           integer     check (tax_rate between 0 and 9999), -- ten-thousandths
    prices_include_tax boolean,
    tax_country        char(2),
    shipping_set       boolean     not null default false,
    updated_at         timestamptz not null default now(),
    constraint settings_store check (num_nulls(store_name, default_currency, country) in (0, 3)),
    constraint settings_tax check (num_nulls(tax_rate, prices_include_tax, tax_country) in (0, 3))
);
call protect('settings');

create table shipping_rates (
    tenant_id uuid    not null default current_tenant() references settings (tenant_id),
    id        text    not null,
    position  integer not null,
    name      text    not null,
    amount    bigint  not null check (amount >= 0),
    currency  char(3) not null,
    countries text[]  not null,
    primary key (id, tenant_id)
);
call protect('shipping_rates');
