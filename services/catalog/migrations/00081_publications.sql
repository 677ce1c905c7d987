-- +goose Up

-- When a product was for sale: a price nobody could pay was never in force (Directive 98/6/EC, Art. 6a). It follows from
-- products by triggers, and outlives them, as price_history does.
create table product_publications (
    seq          bigint      not null generated always as identity,
    tenant_id    uuid        not null default current_tenant() references tenants (id),
    product_id   uuid        not null,
    published    boolean     not null,
    effective_at timestamptz not null,
    primary key (seq, tenant_id)
);
create index product_publications_product on product_publications (product_id, effective_at, seq, tenant_id);

-- Of products that are there already nobody knows when they were not for sale.
alter table products no force row level security;
insert into product_publications (tenant_id, product_id, published, effective_at)
    select tenant_id, id, true, created_at from products where status = 'published' order by id;
alter table products force row level security;
call protect('product_publications');

create trigger product_publications_append_only before update or delete or truncate on product_publications
    for each statement execute function refuse_change();

-- +goose StatementBegin
create function publication_made() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    insert into product_publications (tenant_id, product_id, published, effective_at)
        select n.tenant_id, n.id, true, n.created_at from new_rows n where n.status = 'published';
    return null;
end $$;
-- +goose StatementEnd
create trigger publication_made after insert on products referencing new table as new_rows
    for each statement execute function publication_made();

-- +goose StatementBegin
create function publication_changed() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    insert into product_publications (tenant_id, product_id, published, effective_at)
        values (new.tenant_id, new.id, new.status = 'published', new.updated_at);
    return null;
end $$;
-- +goose StatementEnd
create trigger publication_changed after update on products
    for each row when ((old.status = 'published') <> (new.status = 'published')) execute function publication_changed();
