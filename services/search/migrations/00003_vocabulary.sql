-- +goose Up

-- What staff decide about the search; without a row, what the code has as default.
create table settings (
    tenant_id    uuid        primary key default current_tenant() references tenants (id),
    typos        boolean     not null,
    partial      boolean     not null,
    facet_values integer     not null check (facet_values between 1 and 200),
    version      bigint      not null,
    updated_at   timestamptz not null
);
call protect('settings');

-- Words that mean the same.
create table synonyms (
    id         uuid        not null,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    locale     text        not null default '', -- '' is every language
    source     text        not null default '', -- only this leads to the terms; '': each leads to all
    terms      text[]      not null,
    version    bigint      not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (id, tenant_id)
);
create index synonyms_list on synonyms (tenant_id, created_at, id);
call protect('synonyms');

-- Words a query means nothing by, besides those everybody knows.
create table stop_words (
    locale     text        not null,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    words      text[]      not null,
    version    bigint      not null,
    updated_at timestamptz not null,
    primary key (locale, tenant_id)
);
call protect('stop_words');

-- Which products come first and last where a text or a category is asked for.
create table rules (
    id         uuid        not null,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    name       text        not null,
    query      text        not null, -- folded words
    contains   boolean     not null,
    category   uuid,
    pinned     uuid[]      not null,
    buried     uuid[]      not null,
    active     boolean     not null,
    starts_at  timestamptz,
    ends_at    timestamptz,
    version    bigint      not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (id, tenant_id)
);
create index rules_list on rules (tenant_id, created_at, id);
call protect('rules');

-- Rebuilds and how they went. The one that runs is described by indexes.
create table rebuilds (
    id          uuid        not null,
    tenant_id   uuid        not null default current_tenant() references tenants (id),
    generation  bigint, -- null while it waits
    status      text        not null check (status in ('queued', 'running', 'done', 'replaced')),
    done        bigint      not null default 0,
    total       bigint      not null default 0,
    documents   bigint      not null default 0,
    hash_before text        not null default '',
    hash_after  text        not null default '',
    created_at  timestamptz not null default now(),
    started_at  timestamptz,
    finished_at timestamptz,
    primary key (id, tenant_id)
);
create index rebuilds_list on rebuilds (tenant_id, created_at desc, id desc);
create unique index rebuilds_waiting on rebuilds (tenant_id) where status = 'queued';
create index rebuilds_generation on rebuilds (generation, tenant_id);
call protect('rebuilds', true);
