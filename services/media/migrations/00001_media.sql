-- +goose Up

-- One row per picture. The bytes lie in the storage under the tenant and their SHA-256.
create table assets (
    id           uuid        primary key,
    tenant_id    uuid        not null default current_tenant() references tenants (id),
    sha256       text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
    content_type text        not null,
    size_bytes   bigint      not null check (size_bytes > 0),
    width        integer     not null check (width > 0),
    height       integer     not null check (height > 0),
    filename     text        not null,
    alt          text        not null default '',
    version      bigint      not null default 1,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    constraint assets_bytes unique (sha256, tenant_id)
);
create index assets_newest on assets (tenant_id, id desc);
call protect('assets');
