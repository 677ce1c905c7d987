-- +goose Up

-- How far an engine outside is with the documents of a shop.
create table feeds (
    engine    text   not null,
    tenant_id uuid   not null default current_tenant() references tenants (id),
    fed       bigint not null default 0, -- generation it holds whole
    building  bigint not null default 0, -- generation that is being copied to it
    after_id  uuid,                      -- last product copied
    told      text   not null default '', -- which synonyms it was told; empty: none
    primary key (engine, tenant_id)
);
call protect('feeds', true);

-- Products whose change an engine outside has not taken yet, in the order of the changes.
create table feed_queue (
    seq        bigint generated always as identity primary key,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    product_id uuid        not null,
    queued_at  timestamptz not null default now()
);
create index feed_queue_tenant on feed_queue (tenant_id, seq);
call protect('feed_queue', true);
