-- +goose Up
-- html follows from body and is written with it; html_version says by which policy it was made (markup.go).
create table pages (
    id              uuid        not null,
    tenant_id       uuid        not null default current_tenant() references tenants (id),
    slug            text        not null collate "C",
    locale          text        not null collate "C",
    key             text        collate "C",
    title           text        not null,
    title_key       text        not null collate "C",
    body            text        not null,
    html            text        not null,
    html_version    integer     not null,
    status          text        not null check (status in ('draft', 'published')),
    seo_title       text,
    seo_description text,
    version         bigint      not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (id, tenant_id),
    constraint pages_slug unique (slug, locale, tenant_id),
    constraint pages_key unique (key, locale, tenant_id)
);
create index pages_order on pages (tenant_id, slug, locale);
create index pages_published on pages (tenant_id, locale, slug) where status = 'published';
call protect('pages');
