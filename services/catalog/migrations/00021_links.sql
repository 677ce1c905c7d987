-- +goose Up

-- A new link lists its product in what it links to, and in the categories above that: nothing else of the product has
-- changed, so nothing else is looked at. Before, each statement of links went through all links of its products again, which
-- was half of what it took to write products. Each product is looked up by its key, whatever the planner thinks of the
-- number of links: a plan made for a few is kept for many.

-- +goose StatementBegin
create function list_tagged() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    insert into product_listing (tenant_id, list_id, id, title_key, created_at, min_price, max_price, available)
    select p.tenant_id, l.tag_id, p.id, p.title_key, p.created_at, p.min_price, p.max_price, p.available
        from links l cross join lateral (select * from products p where p.id = l.product_id and p.status = 'published' offset 0) p
    on conflict do nothing;
    return null;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create function list_categorized() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    perform pg_advisory_xact_lock_shared(hashtext('catalog.categories'), hashtext(current_tenant()::text));
    insert into product_listing (tenant_id, list_id, id, title_key, created_at, min_price, max_price, available)
    with recursive up as (
        select distinct category_id as linked, category_id as list_id from links
        union
        select up.linked, c.parent_id
            from up cross join lateral (select c.parent_id from categories c where c.id = up.list_id and c.parent_id is not null offset 0) c
    )
    select distinct p.tenant_id, up.list_id, p.id, p.title_key, p.created_at, p.min_price, p.max_price, p.available
        from links l join up on up.linked = l.category_id
            cross join lateral (select * from products p where p.id = l.product_id and p.status = 'published' offset 0) p
    on conflict do nothing;
    return null;
end $$;
-- +goose StatementEnd

drop trigger listing_made on product_categories;
drop trigger listing_made on product_tags;
drop function list_linked();
create trigger listing_made after insert on product_categories referencing new table as links for each statement execute function list_categorized();
create trigger listing_made after insert on product_tags referencing new table as links for each statement execute function list_tagged();
