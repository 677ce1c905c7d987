-- +goose Up

-- One row per tenant: which generation of documents is searched, and which one is being built beside it.
create table indexes (
    tenant_id   uuid    primary key default current_tenant() references tenants (id),
    live        bigint  not null default 1,
    last        bigint  not null default 1,  -- highest generation ever given out
    building    bigint,                      -- generation that is not complete yet
    after_id    uuid,                        -- last product the build has come to
    builder     uuid,                        -- who builds …
    lease_until timestamptz,                 -- … and until when the others leave it alone
    wanted      boolean not null default false, -- somebody asked for a rebuild in the background
    built_at    timestamptz,
    check (building is null or (building <> live and building <= last))
);
call protect('indexes', true);

-- What is searched: one row per published product and generation.
create table documents (
    tenant_id      uuid    not null default current_tenant() references tenants (id),
    generation     bigint  not null,
    product_id     uuid    not null,
    removed        boolean not null default false, -- a tombstone in a generation being built
    words          tsvector not null default '',
    facets         bigint[] not null default '{}', -- its brand, categories and tags, see facet_values
    refs           uuid[]  not null default '{}',  -- ids of its categories and tags
    prices         bigint[] not null default '{}', -- of its variants, minor units
    min_price      bigint,
    max_price      bigint,
    available      boolean not null default false,
    -- Sort keys, all ascending, so that one comparison continues every list.
    by_newest      bigint  not null default 0,
    by_price       bigint  not null default 0,
    by_price_desc  bigint  not null default 0,
    primary key (tenant_id, generation, product_id)
);
-- Every search reads what waits to be merged into the index, so that is kept short.
create index documents_words on documents using gin (words) with (gin_pending_list_limit = 1024);
create index documents_newest on documents (tenant_id, generation, by_newest, product_id);
create index documents_price on documents (tenant_id, generation, by_price, product_id);
create index documents_price_desc on documents (tenant_id, generation, by_price_desc, product_id);
call protect('documents');

-- What documents can be narrowed by. The number is a hash of kind and slug: documents carry numbers, which are counted
-- several times faster than names.
create table facet_values (
    tenant_id  uuid   not null default current_tenant() references tenants (id),
    generation bigint not null,
    number     bigint not null,
    kind       text   not null check (kind in ('brand', 'category', 'tag')),
    slug       text   not null,
    name       text   not null,
    primary key (tenant_id, generation, number)
);
call protect('facet_values');

-- What is shown: apart from documents, so that searching reads narrow rows.
create table bodies (
    tenant_id  uuid   not null default current_tenant() references tenants (id),
    generation bigint not null,
    product_id uuid   not null,
    body       bytea  not null, -- sovecom.catalog.v1.Product
    primary key (tenant_id, generation, product_id)
);
call protect('bodies');

-- The words of the documents, to find what a mistyped one was meant to be.
create table lexicon (
    tenant_id  uuid   not null default current_tenant() references tenants (id),
    generation bigint not null,
    word       text   collate "C" not null,
    keys       text[] not null, -- the word with letters left out
    primary key (tenant_id, generation, word)
);
create index lexicon_keys on lexicon using gin (keys);
call protect('lexicon');

-- Operators such as @@ and && are not leakproof, so under row-level security they may not use an index. The functions
-- below therefore belong to a role without login that sees every row and that nobody else is, and name the tenant
-- themselves.
-- +goose StatementBegin
do $$
declare
    reader text := current_schema() || '_reader';
begin
    begin
        execute format('create role %I nologin noinherit', reader);
    exception when duplicate_object or unique_violation then
        null; -- roles belong to the whole cluster: another database has made it
    end;
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant %I to current_user', reader);
    end if;
    execute format('grant usage, create on schema %I to %I', current_schema(), reader);
    execute format('grant select on indexes, documents, bodies, facet_values, lexicon to %I', reader);
    execute format('create policy reader on indexes for select to %I using (true)', reader);
    execute format('create policy reader on documents for select to %I using (true)', reader);
    execute format('create policy reader on bodies for select to %I using (true)', reader);
    execute format('create policy reader on facet_values for select to %I using (true)', reader);
    execute format('create policy reader on lexicon for select to %I using (true)', reader);
end $$;
-- +goose StatementEnd

-- The lexeme every document of one generation of one tenant has, so that the index never walks through another's; and
-- the same as what a document's words are extended by.
-- +goose StatementBegin
create function scope(generation bigint) returns text
    language sql stable parallel safe
    as $$ select quote_literal('@' || current_tenant() || '/' || generation) $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function scoped(generation bigint) returns tsvector
    language sql stable parallel safe
    as $$ select scope(generation)::tsvector $$;
-- +goose StatementEnd

-- The condition shared by find_page and find_facets. $1 tenant, $2 generation, $3 text, $4 and $5 price, $6 stock.
-- It is put together from constants only; values travel as parameters.
-- +goose StatementBegin
create function matching(has_text boolean, has_min boolean, has_max boolean, has_stock boolean) returns text
    language sql immutable parallel safe
    as $$
select ' from documents d where d.tenant_id = $1 and d.generation = $2 and not d.removed'
    || case when has_text then ' and d.words @@ $3' else '' end
    || case when has_min then ' and d.max_price >= $4' else '' end
    || case when has_max then ' and d.min_price <= $5' else '' end
    || case when has_min and has_max then ' and exists (select from unnest(d.prices) p where p between $4 and $5)' else '' end
    || case when has_stock then ' and d.available = $6' else '' end
$$;
-- +goose StatementEnd

-- One page of products. sort is relevance, newest, price or price_desc. Only the first candidates of a text are ranked.
-- +goose StatementBegin
create function find_page(match text, rank text, lowest bigint, highest bigint, stock boolean, sort text,
    after_key bigint, after_product uuid, skip bigint, size integer, candidates integer)
    returns table (product_id uuid, sort_key bigint, body bytea)
    language plpgsql stable security definer set search_path from current
    as $$
declare
    tenant uuid := current_tenant();
    gen    bigint;
    terms  tsquery;
    ranks  tsquery := rank::tsquery;
    found_ text;
begin
    select i.live into gen from indexes i where i.tenant_id = tenant;
    if not found then
        return;
    end if;
    if match <> '' then
        terms := match::tsquery && scope(gen)::tsquery;
    end if;
    found_ := matching(terms is not null, lowest is not null, highest is not null, stock is not null);
    if sort = 'relevance' and rank <> '' then
        found_ := 'select c.product_id, (-1e9 * ts_rank(c.words, $7))::bigint as k from (select d.product_id, d.words' ||
            found_ || ' limit $12) c';
    else
        found_ := 'select d.product_id, d.' || case sort when 'price' then 'by_price' when 'price_desc' then 'by_price_desc'
            else 'by_newest' end || ' as k' || found_;
    end if;
    return query execute 'select p.product_id, p.k, b.body from (select m.product_id, m.k from (' || found_ || ') m'
        || case when after_key is not null then ' where (m.k, m.product_id) > ($8, $9)' else '' end
        || ' order by m.k, m.product_id offset $10 limit $11) p'
        || ' join bodies b on b.tenant_id = $1 and b.generation = $2 and b.product_id = p.product_id order by p.k, p.product_id'
        using tenant, gen, terms, lowest, highest, stock, ranks, after_key, after_product, skip, size, candidates;
end $$;
-- +goose StatementEnd

-- How many match, and what could narrow them: rows of (kind, slug, name, n). At most candidates matches are looked at.
-- +goose StatementBegin
create function find_facets(match text, lowest bigint, highest bigint, stock boolean, candidates integer, most integer)
    returns table (kind text, slug text, name text, n bigint)
    language plpgsql stable security definer set search_path from current
    as $$
declare
    tenant uuid := current_tenant();
    gen    bigint;
    terms  tsquery;
begin
    select i.live into gen from indexes i where i.tenant_id = tenant;
    if not found then
        return;
    end if;
    if match <> '' then
        terms := match::tsquery && scope(gen)::tsquery;
    end if;
    return query execute 'with m as materialized (select d.facets, d.min_price, d.max_price, d.available'
        || matching(terms is not null, lowest is not null, highest is not null, stock is not null) || ' limit $7),
    sums as (select count(*) as total, count(*) filter (where available) as stock, min(min_price) as low, max(max_price) as high from m),
    counts as (select u.number, count(*) as n from m, unnest(m.facets) u (number) group by u.number),
    best as (select v.kind, v.slug, v.name, c.n, row_number() over (partition by v.kind order by c.n desc, v.slug) as place
        from counts c join facet_values v on v.tenant_id = $1 and v.generation = $2 and v.number = c.number)
    select ''total'', '''', '''', total from sums
    union all select ''stock'', '''', '''', stock from sums
    union all select ''low'', '''', '''', low from sums
    union all select ''high'', '''', '''', high from sums
    union all (select kind, slug, name, n from best where place <= $8 order by kind, place)'
        using tenant, gen, terms, lowest, highest, stock, candidates, most;
end $$;
-- +goose StatementEnd

-- Which of the words the documents have, and for the others the words they may be meant to be. The last of words may be
-- unfinished when open is set. Rows of (asked, meant); a known word means itself. After a rebuild the planner knows
-- nothing of the new words until they are analyzed, and would read all of them: hence enable_seqscan.
-- +goose StatementBegin
create function find_words(words text[], open boolean, typo_keys text[])
    returns table (asked text, meant text)
    language plpgsql stable security definer set search_path from current set enable_seqscan = off
    as $$
declare
    tenant uuid := current_tenant();
    gen    bigint;
    w      text;
    i      integer := 0;
    known  boolean;
begin
    select x.live into gen from indexes x where x.tenant_id = tenant;
    if not found then
        return;
    end if;
    foreach w in array words loop
        i := i + 1;
        if open and i = cardinality(words) then
            known := exists (select from lexicon l where l.tenant_id = tenant and l.generation = gen
                and l.word >= w collate "C" and l.word < (w || U&'\+10FFFF') collate "C");
        else
            known := exists (select from lexicon l where l.tenant_id = tenant and l.generation = gen and l.word = w);
        end if;
        if known then
            return query select w, w;
        elsif typo_keys[i] <> '' then
            -- Materialized, so that the keys are looked up first, whatever the planner believes.
            return query with near as materialized (select l.tenant_id, l.generation, l.word from lexicon l
                    where l.keys && string_to_array(typo_keys[i], ' '))
                select w, n.word from near n where n.tenant_id = tenant and n.generation = gen limit 200;
        end if;
    end loop;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
do $$
declare
    reader text := current_schema() || '_reader';
    f      regprocedure;
begin
    foreach f in array array[
        'find_page(text,text,bigint,bigint,boolean,text,bigint,uuid,bigint,integer,integer)'::regprocedure,
        'find_facets(text,bigint,bigint,boolean,integer,integer)'::regprocedure,
        'find_words(text[],boolean,text[])'::regprocedure]
    loop
        execute format('revoke execute on function %s from public', f);
        execute format('alter function %s owner to %I', f, reader);
    end loop;
    execute format('revoke create on schema %I from %I', current_schema(), reader);
end $$;
-- +goose StatementEnd
