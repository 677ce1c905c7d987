-- +goose Up

-- Facts the shop defines itself. ref is the attribute as it is appended to the documents of products that have it: the
-- wire form of one element of Product.attribute_refs. So renaming one touches one row and is seen at once.
create table attributes (
    id         uuid        not null,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    code       text        not null collate "C",
    name       text        not null,
    name_key   text        not null,
    type       text        not null check (type in ('text', 'number', 'integer', 'boolean', 'date', 'select', 'multiselect')),
    unit       text,
    filterable boolean     not null,
    shown      boolean     not null,
    ref        bytea       not null,
    version    bigint      not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (id, tenant_id),
    constraint attributes_code unique (code, tenant_id)
);
create index attributes_order on attributes (tenant_id, code);
call protect('attributes');

-- What a select offers. ref is one element of Product.attribute_option_refs.
create table attribute_options (
    tenant_id    uuid     not null default current_tenant() references tenants (id),
    attribute_id uuid     not null,
    value        text     not null,
    label        text     not null,
    position     smallint not null,
    ref          bytea    not null,
    primary key (attribute_id, value, tenant_id),
    foreign key (tenant_id, attribute_id) references attributes (tenant_id, id) on delete cascade
);
call protect('attribute_options');

-- The values, one row each; a multiselect has several. owner_id is the variant, or the product when the value is
-- the product's own. An attribute or option that has values cannot be deleted: the foreign keys say so.
create table attribute_values (
    tenant_id    uuid     not null default current_tenant() references tenants (id),
    product_id   uuid     not null,
    variant_id   uuid,
    owner_id     uuid     not null,
    attribute_id uuid     not null,
    position     smallint not null,
    text_value   text,
    text_key     text, -- folded, and short enough for an index
    num_value    numeric,
    bool_value   boolean,
    date_value   date,
    option_value text,
    primary key (product_id, owner_id, attribute_id, position, tenant_id),
    check (num_nonnulls(text_value, num_value, bool_value, date_value, option_value) = 1),
    check ((text_value is null) = (text_key is null)),
    check (owner_id = coalesce(variant_id, product_id)),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade,
    foreign key (tenant_id, product_id, variant_id) references variants (tenant_id, product_id, id) on delete cascade,
    constraint attribute_values_attribute foreign key (tenant_id, attribute_id) references attributes (tenant_id, id),
    constraint attribute_values_option foreign key (tenant_id, attribute_id, option_value)
        references attribute_options (tenant_id, attribute_id, value)
);
create index attribute_values_text on attribute_values (attribute_id, text_key, product_id, tenant_id) where text_key is not null;
create index attribute_values_num on attribute_values (attribute_id, num_value, product_id, tenant_id) where num_value is not null;
create index attribute_values_bool on attribute_values (attribute_id, bool_value, product_id, tenant_id) where bool_value is not null;
create index attribute_values_date on attribute_values (attribute_id, date_value, product_id, tenant_id) where date_value is not null;
create index attribute_values_choice on attribute_values (attribute_id, option_value, product_id, tenant_id) where option_value is not null;
call protect('attribute_values');

-- What European law wants known of a product. A product without any has no row.
create table product_facts (
    tenant_id             uuid     not null default current_tenant() references tenants (id),
    product_id            uuid     not null,
    goods                 text     not null check (goods in ('physical', 'digital', 'service')),
    vat_class             text     check (vat_class in ('standard', 'reduced', 'super_reduced', 'zero', 'exempt', 'digital')),
    minimum_age           smallint check (minimum_age between 1 and 99),
    sold_by_measure       boolean  not null,
    manufacturer_name     text,
    manufacturer_address  text,
    manufacturer_country  char(2),
    manufacturer_email    text,
    manufacturer_url      text,
    responsible_name      text,
    responsible_address   text,
    responsible_country   char(2),
    responsible_email     text,
    responsible_url       text,
    legal_guarantee       boolean,
    durability_months     integer  check (durability_months > 24),
    durability_producer   text,
    energy_required       boolean  not null,
    energy_class          char(1)  check (energy_class between 'A' and 'G'),
    energy_scale_min      char(1)  check (energy_scale_min <= energy_class),
    energy_scale_max      char(1)  check (energy_scale_max >= energy_class),
    eprel_id              text,
    energy_image_id       uuid,
    primary key (product_id, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade
);
call protect('product_facts');

create table product_warnings (
    tenant_id  uuid not null default current_tenant() references tenants (id),
    product_id uuid not null,
    locale     text not null collate "C",
    warning    text not null,
    primary key (product_id, locale, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade
);
call protect('product_warnings');

create table product_identifiers (
    tenant_id  uuid     not null default current_tenant() references tenants (id),
    product_id uuid     not null,
    position   smallint not null,
    type       text     not null,
    value      text     not null,
    primary key (product_id, position, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade
);
call protect('product_identifiers');

-- Pictures of the product that show safety information.
create table product_safety_images (
    tenant_id  uuid     not null default current_tenant() references tenants (id),
    product_id uuid     not null,
    position   smallint not null,
    media_id   uuid     not null,
    primary key (product_id, position, tenant_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade
);
call protect('product_safety_images');

-- What law, customs and trade want known of a variant. A variant without any has no row.
create table variant_facts (
    tenant_id         uuid    not null default current_tenant() references tenants (id),
    product_id        uuid    not null,
    variant_id        uuid    not null,
    quantity          text,
    unit              text,
    base_quantity     integer,
    base_unit         text,
    hs_code           text check (hs_code ~ '^[0-9]{6,10}$'),
    country_of_origin char(2),
    gtin              text check (gtin ~ '^[0-9]{8,14}$'),
    mpn               text,
    length_mm         bigint check (length_mm >= 0),
    width_mm          bigint check (width_mm >= 0),
    height_mm         bigint check (height_mm >= 0),
    primary key (product_id, variant_id, tenant_id),
    check (num_nonnulls(quantity, unit, base_quantity, base_unit) in (0, 4)),
    foreign key (tenant_id, product_id, variant_id) references variants (tenant_id, product_id, id) on delete cascade
);
call protect('variant_facts');

-- What a buyer of a digital variant gets. The bytes are elsewhere: media_id or storage_key say where.
create table variant_files (
    id                 uuid        not null,
    tenant_id          uuid        not null default current_tenant() references tenants (id),
    product_id         uuid        not null,
    variant_id         uuid        not null,
    media_id           uuid,
    storage_key        text,
    name               text        not null,
    download_limit     integer     check (download_limit > 0),
    expires_after_days integer     check (expires_after_days > 0),
    version            bigint      not null,
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    primary key (id, tenant_id),
    check (num_nonnulls(media_id, storage_key) = 1),
    foreign key (tenant_id, product_id, variant_id) references variants (tenant_id, product_id, id) on delete cascade
);
create index variant_files_by_product on variant_files (product_id, variant_id, id, tenant_id);
call protect('variant_files');

-- The countries a shop sells to. A shop that never said has no row, and sells without being checked.
create table market_settings (
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    version    bigint      not null,
    updated_at timestamptz not null,
    primary key (tenant_id)
);
call protect('market_settings');

create table markets (
    tenant_id   uuid     not null default current_tenant() references tenants (id),
    country     char(2)  not null,
    enforcement text     not null check (enforcement in ('warn', 'block')),
    position    smallint not null,
    primary key (tenant_id, country)
);
call protect('markets');
