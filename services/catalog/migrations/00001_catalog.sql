-- +goose Up

-- Categories are a tree of at most five levels. ref is the category as it stands in a product's document: the wire form
-- of one element of Product.categories.
create table categories (
    id              uuid        not null,
    tenant_id       uuid        not null default current_tenant() references tenants (id),
    slug            text        not null,
    name            text        not null,
    name_key        text        not null collate "C",
    description     text,
    parent_id       uuid,
    position        integer     not null check (position >= 0),
    seo_title       text,
    seo_description text,
    ref             bytea       not null,
    version         bigint      not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (id, tenant_id),
    constraint categories_slug unique (slug, tenant_id),
    constraint categories_parent foreign key (tenant_id, parent_id) references categories (tenant_id, id),
    check (parent_id <> id)
);
create index categories_order on categories (tenant_id, position, name_key, id);
create index categories_children on categories (parent_id, tenant_id);
call protect('categories');

create table tags (
    id         uuid        not null,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    slug       text        not null,
    name       text        not null,
    name_key   text        not null collate "C",
    ref        bytea       not null,
    version    bigint      not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (id, tenant_id),
    constraint tags_slug unique (slug, tenant_id)
);
create index tags_order on tags (tenant_id, name_key, id);
call protect('tags');

-- min_price, max_price, available and doc are read columns: they follow from the rows below and are written with them.
-- doc is the product in the wire form of catalog.v1.Product without its categories and tags; those are appended from
-- their own ref when it is read, so renaming one touches one row.
-- version counts what staff changed; sequence counts what was announced, which also happens when stock runs out.
create table products (
    id              uuid        not null,
    tenant_id       uuid        not null default current_tenant() references tenants (id),
    slug            text        not null,
    title           text        not null,
    title_key       text        not null collate "C",
    description     text,
    status          text        not null check (status in ('draft', 'published', 'archived')),
    seo_title       text,
    seo_description text,
    brand           text,
    min_price       bigint,
    max_price       bigint,
    available       boolean     not null,
    doc             bytea       not null,
    version         bigint      not null,
    sequence        bigint      not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (id, tenant_id),
    constraint products_slug unique (slug, tenant_id)
);
create index products_newest on products (tenant_id, status, created_at, id);
create index products_title on products (tenant_id, status, title_key, id);
create index products_price on products (tenant_id, status, min_price, id);
create index products_all_newest on products (tenant_id, created_at, id);
call protect('products');

create table product_options (
    tenant_id  uuid     not null default current_tenant() references tenants (id),
    product_id uuid     not null,
    name       text     not null,
    position   smallint not null,
    primary key (product_id, name, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade
);
call protect('product_options');

create table product_option_values (
    tenant_id   uuid     not null default current_tenant() references tenants (id),
    product_id  uuid     not null,
    option_name text     not null,
    value       text     not null,
    position    smallint not null,
    primary key (product_id, option_name, value, tenant_id),
    foreign key (tenant_id, product_id, option_name) references product_options (tenant_id, product_id, name) on delete cascade
);
call protect('product_option_values');

create table variants (
    id               uuid        not null,
    tenant_id        uuid        not null default current_tenant() references tenants (id),
    product_id       uuid        not null,
    sku              text        not null,
    title            text        not null,
    price            bigint      not null check (price >= 0),
    currency         char(3)     not null,
    compare_at_price bigint check (compare_at_price >= 0),
    weight_grams     bigint check (weight_grams >= 0),
    position         integer     not null check (position >= 0),
    available        boolean     not null,
    version          bigint      not null,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    primary key (id, tenant_id),
    unique (product_id, id, tenant_id),
    constraint variants_sku unique (sku, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade
);
call protect('variants');

-- A variant's value is one of the values its own product has for that option: the foreign keys say so.
create table variant_option_values (
    tenant_id   uuid not null default current_tenant() references tenants (id),
    product_id  uuid not null,
    variant_id  uuid not null,
    option_name text not null,
    value       text not null,
    primary key (product_id, variant_id, option_name, tenant_id),
    foreign key (tenant_id, product_id, variant_id) references variants (tenant_id, product_id, id) on delete cascade,
    foreign key (tenant_id, product_id, option_name, value)
        references product_option_values (tenant_id, product_id, option_name, value) on delete cascade
);
call protect('variant_option_values');

-- Pictures belong to the media room; id is theirs, the rest is a snapshot.
create table product_images (
    tenant_id  uuid     not null default current_tenant() references tenants (id),
    product_id uuid     not null,
    media_id   uuid     not null,
    url        text     not null,
    alt        text     not null,
    width      integer  not null check (width >= 0),
    height     integer  not null check (height >= 0),
    position   smallint not null,
    primary key (product_id, media_id, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade
);
call protect('product_images');

create table product_categories (
    tenant_id   uuid not null default current_tenant() references tenants (id),
    product_id  uuid not null,
    category_id uuid not null,
    published   boolean not null, -- as the product's status, so that counting does not have to read products
    primary key (product_id, category_id, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade,
    constraint product_categories_category foreign key (tenant_id, category_id) references categories (tenant_id, id) on delete cascade
);
create index product_categories_by_category on product_categories (category_id, product_id, tenant_id);
create index product_categories_published on product_categories (category_id, tenant_id) where published;
call protect('product_categories');

create table product_tags (
    tenant_id  uuid not null default current_tenant() references tenants (id),
    product_id uuid not null,
    tag_id     uuid not null,
    primary key (product_id, tag_id, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade,
    constraint product_tags_tag foreign key (tenant_id, tag_id) references tags (tenant_id, id) on delete cascade
);
create index product_tags_by_tag on product_tags (tag_id, product_id, tenant_id);
call protect('product_tags');
