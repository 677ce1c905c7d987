-- +goose Up

-- The texts of brands and of tags in other languages: doc is a catalog.v1.TaxonTranslation.
create table brand_translations (
    brand_id   uuid        not null,
    locale     text        not null,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    slug       text,
    doc        bytea       not null,
    updated_at timestamptz not null,
    primary key (brand_id, locale, tenant_id),
    constraint brand_translations_slug unique (slug, locale, tenant_id),
    foreign key (tenant_id, brand_id) references brands (tenant_id, id) on delete cascade
);
call protect('brand_translations');

create table tag_translations (
    tag_id     uuid        not null,
    locale     text        not null,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    slug       text,
    doc        bytea       not null,
    updated_at timestamptz not null,
    primary key (tag_id, locale, tenant_id),
    constraint tag_translations_slug unique (slug, locale, tenant_id),
    foreign key (tenant_id, tag_id) references tags (tenant_id, id) on delete cascade
);
call protect('tag_translations');

-- Those of attributes and their options: doc is a catalog.v1.AttributeTranslation.
create table attribute_translations (
    attribute_id uuid        not null,
    locale       text        not null,
    tenant_id    uuid        not null default current_tenant() references tenants (id),
    doc          bytea       not null,
    updated_at   timestamptz not null,
    primary key (attribute_id, locale, tenant_id),
    foreign key (tenant_id, attribute_id) references attributes (tenant_id, id) on delete cascade
);
call protect('attribute_translations');

-- What they are called in all those languages, beside ref and appended to documents with it: the wire form of one element of
-- Product.local_names, empty when there are none. It follows from the translations.
alter table brands add column names bytea not null default ''::bytea;
alter table tags add column names bytea not null default ''::bytea;
alter table attributes add column names bytea not null default ''::bytea;
alter table attribute_options add column names bytea not null default ''::bytea;
