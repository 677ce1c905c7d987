-- +goose Up

-- ref is the brand as it stands in a product's document: the wire form of Product.brand.
create table brands (
    id              uuid        not null,
    tenant_id       uuid        not null default current_tenant() references tenants (id),
    slug            text        not null,
    name            text        not null,
    name_key        text        not null collate "C",
    description     text,
    website         text,
    seo_title       text,
    seo_description text,
    ref             bytea       not null,
    version         bigint      not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (id, tenant_id),
    constraint brands_slug unique (slug, tenant_id)
);
create index brands_order on brands (tenant_id, name_key, id);
call protect('brands');

alter table products drop column brand;
alter table products add column brand_id uuid;
alter table products add constraint products_brand foreign key (tenant_id, brand_id) references brands (tenant_id, id);
create index products_by_brand on products (brand_id, tenant_id) where brand_id is not null;

-- A collection is a list of products: put together by hand, or what its rules hold of. building says that products are
-- still being looked at, those up to built_after are done; sweepable that time alone can take products out of it.
-- version counts what staff changed; sequence counts what was announced.
create table collections (
    id              uuid        not null,
    tenant_id       uuid        not null default current_tenant() references tenants (id),
    slug            text        not null,
    name            text        not null,
    name_key        text        not null collate "C",
    description     text,
    kind            text        not null check (kind in ('manual', 'rules')),
    match           text        not null check (match in ('all', 'any')),
    rules           jsonb       not null,
    sort            text        not null check (sort in ('position', 'newest', 'oldest', 'title', 'price', 'price_desc')),
    seo_title       text,
    seo_description text,
    status          text        not null check (status in ('draft', 'published')),
    building        boolean     not null,
    built_after     uuid,
    sweepable       boolean     not null,
    version         bigint      not null,
    sequence        bigint      not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (id, tenant_id),
    constraint collections_slug unique (slug, tenant_id)
);
create index collections_order on collections (tenant_id, name_key, id);
create index collections_building on collections (tenant_id) where building;
create index collections_sweepable on collections (tenant_id) where sweepable;
call protect('collections', true);

-- Who is in a collection. position orders a collection that is put together by hand, and is 0 otherwise.
create table collection_products (
    tenant_id     uuid    not null default current_tenant() references tenants (id),
    collection_id uuid    not null,
    product_id    uuid    not null,
    position      integer not null,
    primary key (collection_id, product_id, tenant_id),
    foreign key (tenant_id, collection_id) references collections (tenant_id, id) on delete cascade,
    constraint collection_products_product foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade
);
create index collection_products_order on collection_products (collection_id, position, product_id, tenant_id);
create index collection_products_by_product on collection_products (product_id, collection_id, tenant_id);
call protect('collection_products');

-- What the rules of a collection name. While they do, it cannot be deleted.
create table collection_refs (
    tenant_id     uuid    not null default current_tenant() references tenants (id),
    collection_id uuid    not null,
    number        integer not null, -- of the rule
    category_id   uuid,
    tag_id        uuid,
    brand_id      uuid,
    primary key (collection_id, number, tenant_id),
    foreign key (tenant_id, collection_id) references collections (tenant_id, id) on delete cascade,
    constraint collection_refs_category foreign key (tenant_id, category_id) references categories (tenant_id, id),
    constraint collection_refs_tag foreign key (tenant_id, tag_id) references tags (tenant_id, id),
    constraint collection_refs_brand foreign key (tenant_id, brand_id) references brands (tenant_id, id),
    check (num_nonnulls(category_id, tag_id, brand_id) = 1)
);
create index collection_refs_category on collection_refs (category_id, tenant_id) where category_id is not null;
create index collection_refs_tag on collection_refs (tag_id, tenant_id) where tag_id is not null;
create index collection_refs_brand on collection_refs (brand_id, tenant_id) where brand_id is not null;
call protect('collection_refs');
