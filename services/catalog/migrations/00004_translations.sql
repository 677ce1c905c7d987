-- +goose Up

-- The languages a shop speaks. A shop without a row speaks its default language only.
create table locales (
    tenant_id      uuid        primary key default current_tenant() references tenants (id),
    default_locale text        not null,
    locales        jsonb       not null, -- [{"code": "de-AT", "fallbacks": ["de"]}, …] in the order they are offered
    version        bigint      not null,
    updated_at     timestamptz not null
);
call protect('locales');

-- A product's texts in another language: doc is a catalog.v1.ProductTranslation in wire form. It lies over the product's
-- document when it is read, so writing one touches one row.
create table product_translations (
    product_id uuid        not null,
    locale     text        not null,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    slug       text,
    title_key  text        not null collate "C", -- folded, for the words of a list; empty without a title
    doc        bytea       not null,
    updated_at timestamptz not null,
    primary key (product_id, locale, tenant_id),
    constraint product_translations_slug unique (slug, locale, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade
);
call protect('product_translations');

-- The texts of categories and of collections: doc is a catalog.v1.TaxonTranslation.
create table category_translations (
    category_id uuid        not null,
    locale      text        not null,
    tenant_id   uuid        not null default current_tenant() references tenants (id),
    slug        text,
    doc         bytea       not null,
    updated_at  timestamptz not null,
    primary key (category_id, locale, tenant_id),
    constraint category_translations_slug unique (slug, locale, tenant_id),
    foreign key (tenant_id, category_id) references categories (tenant_id, id) on delete cascade
);
call protect('category_translations');

create table collection_translations (
    collection_id uuid        not null,
    locale      text        not null,
    tenant_id   uuid        not null default current_tenant() references tenants (id),
    slug        text,
    doc         bytea       not null,
    updated_at  timestamptz not null,
    primary key (collection_id, locale, tenant_id),
    constraint collection_translations_slug unique (slug, locale, tenant_id),
    foreign key (tenant_id, collection_id) references collections (tenant_id, id) on delete cascade
);
call protect('collection_translations');
