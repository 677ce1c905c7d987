-- +goose Up

-- What makes the keys that addresses are signed by differ from each other. The keys themselves are nowhere: they follow from
-- this and the secret of the installation.
create table signing_keys (
    id         uuid        not null,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    salt       bytea       not null check (length(salt) = 32),
    created_at timestamptz not null,
    ends_at    timestamptz, -- when the last address that it has signed has run out; null for the one that signs
    primary key (id, tenant_id)
);
create unique index signing_keys_current on signing_keys (tenant_id) where ends_at is null;
call protect('signing_keys', true);
