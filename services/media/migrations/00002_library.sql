-- +goose Up

alter table assets
    add column private       boolean not null default false, -- a file that is only given to whoever has a signed address
    add column source_sha256 text    check (source_sha256 ~ '^[0-9a-f]{64}$'), -- of what was sent, before it was cleaned
    add column animated      boolean not null default false,
    add column blurhash      text    not null default '',
    add column focal_x       real    check (focal_x between 0 and 1), -- of the width, from the left
    add column focal_y       real    check (focal_y between 0 and 1), -- of the height, from the top
    add column folder        text    not null default '',
    add column labels        text[]  not null default '{}',
    add constraint assets_focal check ((focal_x is null) = (focal_y is null)),
    drop constraint assets_width_check,
    drop constraint assets_height_check,
    add constraint assets_size check (private or (width > 0 and height > 0)),
    add constraint assets_id unique (tenant_id, id),
    drop constraint assets_bytes;
create unique index assets_bytes on assets (sha256, private, tenant_id);
create index assets_source on assets (source_sha256, tenant_id);
create index assets_labels on assets using gin (labels);
create index assets_folder on assets (tenant_id, folder, id desc);

-- What is said of a picture in other languages.
create table asset_alts (
    asset_id  uuid not null,
    tenant_id uuid not null default current_tenant() references tenants (id),
    locale    text not null,
    alt       text not null check (alt <> ''),
    primary key (asset_id, locale, tenant_id),
    foreign key (tenant_id, asset_id) references assets (tenant_id, id) on delete cascade
);
call protect('asset_alts');

-- One row per picture whose renditions are to be made, and how far that has come. A worker holds it by a lease.
create table rendition_jobs (
    asset_id    uuid        not null,
    tenant_id   uuid        not null default current_tenant() references tenants (id),
    status      text        not null check (status in ('queued', 'running', 'succeeded', 'failed')),
    done        integer     not null default 0,
    total       integer     not null,
    attempts    integer     not null default 0, -- starts since the last progress
    failure     text,
    lease_owner uuid,
    lease_until timestamptz,
    not_before  timestamptz not null, -- when it is worth a try
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    primary key (asset_id, tenant_id),
    foreign key (tenant_id, asset_id) references assets (tenant_id, id) on delete cascade
);
create index rendition_jobs_waiting on rendition_jobs (not_before) where status in ('queued', 'running');
create index rendition_jobs_status on rendition_jobs (tenant_id, status);
call protect('rendition_jobs', true);

-- Uploads that go to a signed address: announced, sent, and then taken in.
create table uploads (
    id           uuid        not null,
    tenant_id    uuid        not null default current_tenant() references tenants (id),
    filename     text        not null,
    content_type text        not null,
    size_bytes   bigint      not null check (size_bytes > 0),
    sha256       text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
    private      boolean     not null,
    folder       text        not null,
    labels       text[]      not null,
    alt          text        not null,
    asset_id     uuid,       -- once it was taken in
    expires_at   timestamptz not null,
    created_at   timestamptz not null,
    primary key (id, tenant_id)
);
create index uploads_by_age on uploads (created_at);
call protect('uploads', true);
