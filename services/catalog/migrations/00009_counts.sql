-- +goose Up

-- How many published products stand in a list: the sum of its rows. A statement that changes lists adds a row for each of
-- them instead of changing one, so that two writers never wait for each other; the rows are put together now and then.
create table list_counts (
    tenant_id uuid   not null default current_tenant() references tenants (id),
    list_id   uuid   not null, -- a category or a tag
    part      bigint generated always as identity,
    listed    bigint not null, -- in the list, of a category also those below it
    direct    bigint not null, -- linked to the category itself
    primary key (list_id, part, tenant_id)
);
call protect('list_counts', true);

-- +goose StatementBegin
create function count_listed() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    insert into list_counts (tenant_id, list_id, listed, direct)
        select m.tenant_id, m.list_id, count(*) * tg_argv[0]::int, 0 from moved m group by m.tenant_id, m.list_id;
    return null;
end $$;
-- +goose StatementEnd
create trigger counted_in after insert on product_listing referencing new table as moved for each statement execute function count_listed('1');
create trigger counted_out after delete on product_listing referencing old table as moved for each statement execute function count_listed('-1');

-- +goose StatementBegin
create function count_linked() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    insert into list_counts (tenant_id, list_id, listed, direct)
        select m.tenant_id, m.category_id, 0, count(*) * tg_argv[0]::int from moved m where m.published group by m.tenant_id, m.category_id;
    return null;
end $$;
-- +goose StatementEnd
create trigger counted_in after insert on product_categories referencing new table as moved for each statement execute function count_linked('1');
create trigger counted_out after delete on product_categories referencing old table as moved for each statement execute function count_linked('-1');

-- +goose StatementBegin
create function count_relinked() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    insert into list_counts (tenant_id, list_id, listed, direct)
        select tenant_id, category_id, 0, sum(n) from (
            select tenant_id, category_id, 1 as n from new_rows where published
            union all
            select tenant_id, category_id, -1 from old_rows where published) m
        group by tenant_id, category_id having sum(n) <> 0;
    return null;
end $$;
-- +goose StatementEnd
create trigger counted_over after update on product_categories referencing old table as old_rows new table as new_rows
    for each statement execute function count_relinked();

drop index product_categories_published; -- it was for counting

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
        insert into list_counts (list_id, listed, direct)
            select list_id, count(*), 0 from product_listing group by list_id
            union all
            select category_id, 0, count(*) from product_categories where published group by category_id;
    end loop;
    perform set_config('app.tenant_id', before, true);
end $$;
-- +goose StatementEnd
