-- +goose Up

-- Lists of shoppers walk an index in their order and stop when the page is full, however many products there are. Whether
-- one can be bought lies in the index too, so that passing over one that cannot costs no visit to its row.
drop index products_newest, products_title, products_price;
create index products_newest on products (tenant_id, status, created_at, id) include (available);
create index products_title on products (tenant_id, status, title_key, id) include (available);
create index products_price on products (tenant_id, status, min_price, id) include (available);
-- What is sold has a price: walking by price relies on it, because one index cannot have those without last both ways.
alter table products add constraint products_published_price check (status <> 'published' or min_price is not null);

-- Where published products are listed: one row per product and category or tag, also the categories above its own. It
-- holds what lists are sorted and filtered by, and follows from products, links and the tree by the triggers below. It
-- has no foreign keys: links have them, and its rows go with them.
create table product_listing (
    tenant_id  uuid        not null references tenants (id),
    list_id    uuid        not null, -- a category or a tag
    id         uuid        not null, -- the product
    title_key  text        not null collate "C",
    created_at timestamptz not null,
    min_price  bigint      not null,
    max_price  bigint      not null,
    available  boolean     not null,
    primary key (id, list_id, tenant_id)
);
create index product_listing_newest on product_listing (list_id, created_at, id, tenant_id);
create index product_listing_title on product_listing (list_id, title_key, id, tenant_id);
create index product_listing_price on product_listing (list_id, min_price, id, tenant_id);
call protect('product_listing');

-- Links and the tree change together or after each other: whoever makes or removes a link holds the lock of the tree with
-- others, and whoever changes the tree holds it alone (as lockTree does). It is taken before the links' own locks.
-- +goose StatementBegin
create function share_tree() returns trigger
    language plpgsql
    as $$
begin
    perform pg_advisory_xact_lock_shared(hashtext('catalog.categories'), hashtext(current_tenant()::text));
    return null;
end $$;
-- +goose StatementEnd
create trigger listing_lock before insert or delete on product_categories for each statement execute function share_tree();
-- +goose StatementBegin
create function lock_tree() returns trigger
    language plpgsql
    as $$
begin
    perform pg_advisory_xact_lock(hashtext('catalog.categories'), hashtext(current_tenant()::text));
    return null;
end $$;
-- +goose StatementEnd
create trigger listing_lock before delete on categories for each statement execute function lock_tree();

-- Where products should be listed, by their links and the tree.
-- +goose StatementBegin
create function lists_of(which uuid[]) returns table (id uuid, list_id uuid)
    language sql stable set search_path from current
    as $$
    with recursive up as (
        select p.id, pc.category_id as list_id from products p join product_categories pc on pc.product_id = p.id
            where p.id = any(which) and p.status = 'published'
        union
        select up.id, c.parent_id from up join categories c on c.id = up.list_id where c.parent_id is not null
    )
    select up.id, up.list_id from up
    union all
    select p.id, pt.tag_id from products p join product_tags pt on pt.product_id = p.id where p.id = any(which) and p.status = 'published'
$$;
-- +goose StatementEnd

-- Adds what is missing. What is there already is left alone: only a change of the product itself changes it.
-- +goose StatementBegin
create function list_more(which uuid[]) returns void
    language plpgsql set search_path from current
    as $$
begin
    if coalesce(cardinality(which), 0) = 0 then
        return;
    end if;
    perform pg_advisory_xact_lock_shared(hashtext('catalog.categories'), hashtext(current_tenant()::text));
    insert into product_listing (tenant_id, list_id, id, title_key, created_at, min_price, max_price, available)
    select p.tenant_id, w.list_id, p.id, p.title_key, p.created_at, p.min_price, p.max_price, p.available
        from lists_of(which) w join products p on p.id = w.id
    on conflict do nothing;
end $$;
-- +goose StatementEnd

-- Takes away what is too much.
-- +goose StatementBegin
create function list_less(which uuid[]) returns void
    language plpgsql set search_path from current
    as $$
begin
    if coalesce(cardinality(which), 0) = 0 then
        return;
    end if;
    perform pg_advisory_xact_lock_shared(hashtext('catalog.categories'), hashtext(current_tenant()::text));
    delete from product_listing l where l.id = any(which)
        and not exists (select from lists_of(which) w where w.id = l.id and w.list_id = l.list_id);
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create function list_changed() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    update product_listing l set title_key = n.title_key, created_at = n.created_at, min_price = n.min_price, max_price = n.max_price, available = n.available
        from new_rows n join old_rows o on o.id = n.id and o.tenant_id = n.tenant_id
        where n.status = 'published' and o.status = 'published' and l.id = n.id and l.tenant_id = n.tenant_id
            and (n.title_key, n.created_at, n.min_price, n.max_price, n.available)
                is distinct from (o.title_key, o.created_at, o.min_price, o.max_price, o.available);
    perform list_more(array(select n.id from new_rows n join old_rows o on o.id = n.id and o.tenant_id = n.tenant_id
        where n.status = 'published' and o.status <> 'published'));
    perform list_less(array(select n.id from new_rows n join old_rows o on o.id = n.id and o.tenant_id = n.tenant_id
        where n.status <> 'published' and o.status = 'published'));
    return null;
end $$;
-- +goose StatementEnd
create trigger listing after update on products referencing old table as old_rows new table as new_rows
    for each statement execute function list_changed();

-- +goose StatementBegin
create function list_linked() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    perform list_more(array(select distinct product_id from links));
    return null;
end $$;
-- +goose StatementEnd
create trigger listing_made after insert on product_categories referencing new table as links for each statement execute function list_linked();
create trigger listing_made after insert on product_tags referencing new table as links for each statement execute function list_linked();

-- +goose StatementBegin
create function list_unlinked() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    perform list_less(array(select distinct product_id from links));
    return null;
end $$;
-- +goose StatementEnd
create trigger listing_gone after delete on product_categories referencing old table as links for each statement execute function list_unlinked();
create trigger listing_gone after delete on product_tags referencing old table as links for each statement execute function list_unlinked();

-- +goose StatementBegin
create function list_moved() returns trigger
    language plpgsql set search_path from current
    as $$
declare
    which uuid[] := array(
        with recursive below as (select new.id union select c.id from categories c join below b on c.parent_id = b.id)
        select distinct product_id from product_categories where category_id in (select id from below));
begin
    perform list_less(which);
    perform list_more(which);
    return null;
end $$;
-- +goose StatementEnd
create trigger listing_moved after update on categories for each row when (old.parent_id is distinct from new.parent_id) execute function list_moved();

-- What is there already, shop by shop.
-- +goose StatementBegin
do $$
declare
    before text := coalesce(current_setting('app.tenant_id', true), '');
    shops uuid[];
    shop uuid;
begin
    perform set_config('app.tenant_id', '00000000-0000-7000-8000-0000000000ff', true);
    shops := array(select id from tenants);
    foreach shop in array shops loop
        perform set_config('app.tenant_id', shop::text, true);
        perform list_more(array(select id from products where tenant_id = shop));
    end loop;
    perform set_config('app.tenant_id', before, true);
end $$;
-- +goose StatementEnd
