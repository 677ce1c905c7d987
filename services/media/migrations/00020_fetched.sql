-- +goose Up

-- Which asset came from which foreign address, so that nothing is fetched twice. An address may carry a secret of its owner's:
-- only its SHA-256 is kept.
create table fetched_assets (
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    url_sha256 bytea       not null check (length(url_sha256) = 32),
    asset_id   uuid        not null,
    fetched_at timestamptz not null,
    primary key (url_sha256, tenant_id),
    foreign key (tenant_id, asset_id) references assets (tenant_id, id) on delete cascade
);
create index fetched_assets_asset on fetched_assets (asset_id, tenant_id);
call protect('fetched_assets');
