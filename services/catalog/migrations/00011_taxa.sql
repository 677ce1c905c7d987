-- +goose Up

-- Which generation of its brands, categories, tags and attributes a shop has: the sum of n. Whoever changes one of them adds
-- a row, so that two never wait for each other; the rows are put together now and then, which leaves the sum.
create table taxonomy_changes (
    tenant_id uuid   not null default current_tenant(),
    part      bigint generated always as identity,
    n         bigint not null,
    primary key (tenant_id, part)
);
call protect('taxonomy_changes', true);

-- +goose StatementBegin
create function note_taxonomy() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    insert into taxonomy_changes (n) values (1);
    return null;
end $$;
-- +goose StatementEnd
create trigger noted after insert or update or delete on brands for each statement execute function note_taxonomy();
create trigger noted after insert or update or delete on categories for each statement execute function note_taxonomy();
create trigger noted after insert or update or delete on tags for each statement execute function note_taxonomy();
create trigger noted after insert or update or delete on attributes for each statement execute function note_taxonomy();
create trigger noted after insert or update or delete on attribute_options for each statement execute function note_taxonomy();

-- Documents carry the ids of brand, categories and tags from now on (catalog.v1.Product.taxa): those there are get them
-- appended, in the wire form.
-- +goose StatementBegin
create function wire(tag bytea, content bytea) returns bytea
    language sql immutable
    as $$ select tag || case when length(content) < 128 then set_byte('\x00', 0, length(content))
        else set_byte('\x00', 0, length(content) % 128 + 128) || set_byte('\x00', 0, length(content) / 128) end || content $$;
-- +goose StatementEnd
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
        update products p set doc = p.doc || wire('\xfa05',
            coalesce(wire('\x0a', uuid_send(p.brand_id)), ''::bytea)
            || coalesce((select wire('\x12', string_agg(uuid_send(c.category_id), ''::bytea)) from product_categories c where c.product_id = p.id), ''::bytea)
            || coalesce((select wire('\x1a', string_agg(uuid_send(t.tag_id), ''::bytea)) from product_tags t where t.product_id = p.id), ''::bytea));
    end loop;
    perform set_config('app.tenant_id', before, true);
end $$;
-- +goose StatementEnd
drop function wire(bytea, bytea);
