-- +goose Up

-- Documents hold one language each and prices in every currency from here on. They can be made again from the catalogue,
-- and are: an index that is empty is filled.
drop function find_page(text, text, bigint, bigint, boolean, text, bigint, uuid, bigint, integer, integer);
drop function find_facets(text, bigint, bigint, boolean, integer, integer);
drop function find_words(text[], boolean, text[]);
drop function matching(boolean, boolean, boolean, boolean);
drop function scoped(bigint);
drop function scope(bigint);
drop table documents, bodies, facet_values, lexicon;
update indexes set last = last + 1, live = last + 1, building = null, after_id = null, builder = null, lease_until = null;

alter table indexes
    add column default_locale text not null default '', -- language of the shop's own texts
    add column done bigint not null default 0;          -- products the build has read

-- What is searched: one row per published product, language it has texts of its own in, and generation.
create table documents (
    product_id     uuid     not null,
    edition        text     not null default '' collate "C", -- language of the texts; '' is the shop's own
    generation     bigint   not null,
    tenant_id      uuid     not null default current_tenant() references tenants (id),
    removed        boolean  not null default false, -- a tombstone in a generation being built
    from_page      boolean  not null default false, -- written by a rebuild, and by no event since
    words          tsvector not null default '',
    title_words    smallint not null default 0,
    covers         text[]   not null default '{}',  -- languages it is found in; '' is the shop's own
    facets         bigint[] not null default '{}',  -- what it is narrowed by, see facet_values
    refs           uuid[]   not null default '{}',  -- ids of its brand, categories, tags and attributes
    currency       text,
    prices         bigint[] not null default '{}',  -- of its variants, in its currency, as everybody sees them; ascending
    offers         jsonb,    -- the same by currency|country|channel, when there is more than one way to see them
    numbers        jsonb,    -- values of attributes that have an order
    min_price      bigint,
    max_price      bigint,
    available      boolean  not null default false,
    hash_high      bigint   not null default 0, -- of all of the above, and of the body
    hash_low       bigint   not null default 0,
    -- Sort keys, all ascending, so that one comparison continues every list.
    by_newest      bigint   not null default 0,
    by_price       bigint   not null default 0,
    by_price_desc  bigint   not null default 0,
    primary key (product_id, edition, generation, tenant_id)
);
-- Every search reads what waits to be merged into the index, so that is kept short.
create index documents_words on documents using gin (words) with (gin_pending_list_limit = 1024);
create index documents_newest on documents (generation, by_newest, product_id, tenant_id);
create index documents_price on documents (generation, by_price, product_id, tenant_id);
create index documents_price_desc on documents (generation, by_price_desc, product_id, tenant_id);
create index documents_hash on documents (generation, tenant_id) include (edition, hash_high, hash_low) where not removed;
call protect('documents');

-- What documents can be narrowed by, and the ways prices are seen. The number is a hash of kind and id: documents carry
-- numbers, which are counted several times faster than names.
create table facet_values (
    number     bigint not null,
    generation bigint not null,
    tenant_id  uuid   not null default current_tenant() references tenants (id),
    kind       text   not null check (kind in ('brand', 'category', 'tag', 'attribute', 'view')),
    code       text   not null default '', -- of an attribute
    ref        uuid,                       -- id of a brand, category or tag
    slug       text   not null,            -- or the value of an attribute
    name       text   not null,
    name_key   text   not null default '', -- all its names, folded, each after a line break
    title      text   not null default '', -- name of an attribute
    names      jsonb,                      -- {locale: {slug, name}}, of categories
    primary key (number, generation, tenant_id)
);
call protect('facet_values');

-- What is shown of a document: apart, so that searching reads narrow rows.
create table bodies (
    product_id uuid   not null,
    edition    text   not null collate "C",
    generation bigint not null,
    tenant_id  uuid   not null default current_tenant() references tenants (id),
    body       bytea  not null,
    primary key (product_id, edition, generation, tenant_id)
);
call protect('bodies');

-- The words of the documents, to find what a mistyped one was meant to be, and compounds by their end.
create table lexicon (
    word       text    collate "C" not null,
    language   text    collate "C" not null, -- of the titles of the documents that have it
    generation bigint  not null,
    tenant_id  uuid    not null default current_tenant() references tenants (id),
    stem       boolean not null, -- only what several words have in common
    keys       text[]  not null, -- the word with letters left out
    parts      text[],           -- of what may be a compound: its beginnings and ends with a letter left out
    tail       text    collate "C", -- the word backwards, when it is long enough to be a compound
    primary key (word, language, generation, tenant_id)
);
create index lexicon_keys on lexicon using gin (keys);
create index lexicon_parts on lexicon using gin (parts) where parts is not null;
create index lexicon_tail on lexicon (tail, generation, tenant_id) where tail is not null;
call protect('lexicon');

-- +goose StatementBegin
do $$
declare
    reader text := current_schema() || '_reader';
    t      text;
begin
    execute format('grant create on schema %I to %I', current_schema(), reader);
    foreach t in array array['documents', 'bodies', 'facet_values', 'lexicon'] loop
        execute format('grant select on %I to %I', t, reader);
        execute format('create policy reader on %I for select to %I using (true)', t, reader);
    end loop;
end $$;
-- +goose StatementEnd

-- The lexeme every document has that is found in a language, in one generation of one tenant, so that the index never
-- walks through another's; and the same as what a document's words are extended by.
-- +goose StatementBegin
create function scope(generation bigint, locale text) returns text
    language sql stable parallel safe
    as $$ select quote_literal('@' || current_tenant() || '/' || generation || '/' || locale) $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function scoped(generation bigint, covers text[]) returns tsvector
    language sql stable parallel safe
    as $$ select string_agg(scope(generation, c), ' ')::tsvector from unnest(covers) c $$;
-- +goose StatementEnd

-- The prices somebody sees: those of the first view there is, in the currency wanted, or in the product's own when none
-- is. Null when the product has none there.
-- +goose StatementBegin
create function offered(offers jsonb, own text, prices bigint[], wanted text, views text[]) returns bigint[]
    language sql immutable parallel safe
    as $$
select case when offers is null then case when wanted is null or wanted = own then prices end
    else (select array(select jsonb_array_elements_text(offers -> c.k)::bigint)
        from (select coalesce(wanted, own) || u.v as k, u.n from unnest(views) with ordinality u (v, n)) c
        where offers ? c.k order by c.n limit 1) end
$$;
-- +goose StatementEnd

-- Whether for each of the ranges, [{code, min, max}], one of the values lies in it.
-- +goose StatementBegin
create function within(numbers jsonb, ranges jsonb) returns boolean
    language sql immutable parallel safe
    as $$
select not exists (select from jsonb_to_recordset(ranges) r (code text, min numeric, max numeric)
    where not exists (select from jsonb_array_elements(coalesce(numbers -> r.code, '[]')) v
        where (r.min is null or v::numeric >= r.min) and (r.max is null or v::numeric <= r.max)))
$$;
-- +goose StatementEnd

-- The condition shared by all that is looked for. It is put together from constants only; values travel as parameters:
-- $1 tenant, $2 generation, $3 text, $4 locale, $5 and $6 price, $7 currency, $8 views, $9 ranges. The scope of a text
-- says the tenant, generation and language by itself, and a tombstone has no words.
-- +goose StatementBegin
create function matching(has_text boolean, has_low boolean, has_high boolean, viewed boolean, ranged boolean) returns text
    language sql immutable parallel safe
    as $$
select ' from documents d'
    || case when viewed then ' cross join lateral (select offered(d.offers, d.currency, d.prices, $7, $8) as a) o' else '' end
    || case when has_text then ' where d.words @@ $3'
        else ' where d.tenant_id = $1 and d.generation = $2 and d.covers @> array[$4] and not d.removed' end
    || case when not viewed then
            case when has_low then ' and d.max_price >= $5' else '' end
            || case when has_high then ' and d.min_price <= $6' else '' end
            || case when has_low and has_high then ' and exists (select from unnest(d.prices) p where p between $5 and $6)' else '' end
        else
            case when has_low or has_high then
                ' and exists (select from unnest(o.a) p where p between coalesce($5, 0) and coalesce($6, 9223372036854775807))' else '' end
        end
    || case when ranged then ' and within(d.numbers, $9)' else '' end
$$;
-- +goose StatementEnd

-- A page in the order of an index, for conditions that so many documents fulfil that walking the index finds them soonest.
-- +goose StatementBegin
create function walk(query text, tenant uuid, gen bigint, terms tsquery, locale text, lowest bigint, highest bigint, currency text,
    views text[], ranges jsonb, pinned uuid[], buried uuid[], after_key bigint, after_product uuid, skip bigint, size integer)
    returns table (product_id uuid, edition text, k bigint)
    language plpgsql stable set search_path from current set jit = off set enable_bitmapscan = off set enable_seqscan = off set enable_sort = off
    as $$
begin
    return query execute query using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, pinned, buried,
        after_key, after_product, skip, size;
end $$;
-- +goose StatementEnd

-- Words that end in a suffix, with at least three letters before it: compounds of it.
-- +goose StatementBegin
create function compounds(tenant uuid, gen bigint, suffix text) returns setof text
    language sql stable
    as $$
select distinct l.word from lexicon l
where l.tail >= reverse(suffix) collate "C" and l.tail < (reverse(suffix) || U&'\+10FFFF') collate "C"
    and l.generation = gen and l.tenant_id = tenant and length(l.word) >= length(suffix) + 3 limit 60
$$;
-- +goose StatementEnd

-- Which of the words the documents have, in one of their forms or as the end of a compound, and for the others the words they may be meant to be. The last of words may be
-- unfinished when open is set. Rows of (asked, meant); a known word means itself. For a word that is put together of two
-- known ones there are two rows more, of '+' and the word; of '~' and the word are compounds with something like it. After a rebuild the planner knows nothing of the new words until
-- they are analyzed, and would read all of them: hence enable_seqscan.
-- +goose StatementBegin
create function find_words(words text[], forms text[], suffixes text[], open boolean, typo_keys text[], part_keys text[], languages text[], tenant uuid, gen bigint)
    returns table (asked text, meant text)
    language plpgsql stable set search_path from current set enable_seqscan = off set jit = off
    as $$
declare
    w     text;
    i     integer := 0;
    known boolean;
    j     integer;
    head  text;
    parts text[];
begin
    foreach w in array words loop
        i := i + 1;
        known := false;
        if open and i = cardinality(words) then
            known := exists (select from lexicon l where l.word >= w collate "C" and l.word < (w || U&'\+10FFFF') collate "C"
                and l.language = any(languages) and l.generation = gen and l.tenant_id = tenant);
        end if;
        known := known or exists (select from lexicon l where l.word = any(string_to_array(forms[i], ' ')) and l.language = any(languages) and l.generation = gen and l.tenant_id = tenant)
            or suffixes[i] <> '' and exists (select from compounds(tenant, gen, suffixes[i]));
        if known then
            asked := w; meant := w;
            return next;
            continue;
        end if;
        if typo_keys[i] <> '' then
            -- Materialized, so that the keys are looked up first, whatever the planner believes.
            -- A stem stands for the first word that begins so.
            return query with near as materialized (select l.tenant_id, l.generation, l.language, l.word, l.stem from lexicon l
                    where l.keys && string_to_array(typo_keys[i], ' '))
                select distinct w, case when not n.stem then n.word else (select l.word from lexicon l
                        where l.word >= n.word collate "C" and l.word < (n.word || U&'\+10FFFF') collate "C" and not l.stem
                            and l.language = any(languages) and l.generation = gen and l.tenant_id = tenant order by l.word limit 1) end
                from near n where n.tenant_id = tenant and n.generation = gen and n.language = any(languages) limit 400;
        end if;
        if part_keys[i] <> '' then
            return query with near as materialized (select l.tenant_id, l.generation, l.language, l.word from lexicon l
                    where l.parts && string_to_array(part_keys[i], ' ') and l.parts is not null)
                select '~' || w, n.word from near n where n.tenant_id = tenant and n.generation = gen and n.language = any(languages) limit 200;
        end if;
        parts := null;
        for j in 3 .. least(length(w), 40) - 3 loop
            exit when parts is not null;
            continue when not exists (select from lexicon l where l.word = substr(w, j + 1) and l.language = any(languages) and l.generation = gen and l.tenant_id = tenant);
            foreach head in array array[substr(w, 1, j), regexp_replace(substr(w, 1, j), '(es|en|er|s|n|e)$', '')] loop
                if length(head) >= 3 and exists (select from lexicon l where l.word = head and l.language = any(languages) and l.generation = gen and l.tenant_id = tenant) then
                    parts := array[head, substr(w, j + 1)];
                    exit;
                end if;
            end loop;
        end loop;
        if parts is not null then
            return query select '+' || w, p from unnest(parts) p;
        end if;
    end loop;
end $$;
-- +goose StatementEnd

-- Categories, brands and tags with a word that begins so, that documents of a language have.
-- +goose StatementBegin
create function named(prefix text, locale text, most integer)
    returns table (kind text, slug text, name text, names jsonb)
    language plpgsql stable security definer set search_path from current set jit = off
    as $$
declare
    tenant uuid := current_tenant();
    gen    bigint;
begin
    select x.live into gen from indexes x where x.tenant_id = tenant;
    return query select v.kind, v.slug, v.name, v.names from facet_values v
        where v.generation = gen and v.tenant_id = tenant and v.kind in ('brand', 'category', 'tag')
            and (strpos(v.name_key, E'\n' || prefix) > 0 or strpos(v.name_key, ' ' || prefix) > 0)
            and exists (select from documents d
                where d.words @@ (quote_literal('/' || left(v.kind, 1) || '//' || replace(v.slug, '\', '\\'))::tsquery && scope(gen, locale)::tsquery))
        order by strpos(v.name_key, E'\n' || prefix) = 0, v.kind = 'tag', v.kind = 'brand', length(v.name), v.slug limit most;
end $$;
-- +goose StatementEnd

-- One page, how many match, and what could narrow them. Rows of a kind each:
--
--	hit     a product of the page: product, edition, sort_key, body
--	total   n documents match
--	sample  n of them were looked at to count the rest
--	stock   n of those can be bought
--	low     the lowest price seen, high the highest; bucket: n products whose lowest price lies in step sort_key of the ladder
--	facet   a value: code of an attribute, number of its kind in name_of, n documents
--	word    when nothing matches: what a word was meant to be, code → slug
--
-- Of more matches than sample, those first found are counted and ranked, and those with all words in the title before
-- others. What is counted apart, each with a condition of its own in others, replaces what is counted of that kind.
-- +goose StatementBegin
create function find(match text, titled text, hinted text, ranks text, suffixes text[], locale text,
    lowest bigint, highest bigint, currency text, views text[], ranges jsonb,
    sort text, after_key bigint, after_product uuid, skip bigint, size integer, pinned uuid[], buried uuid[],
    apart text[], others text[], most integer, sample integer, ranked integer, countable integer, ladder bigint[],
    words text[], forms text[], endings text[], open boolean, typo_keys text[], part_keys text[], languages text[])
    returns table (kind text, code text, slug text, name text, title text, names jsonb, product uuid, edition text, sort_key bigint, n bigint, body bytea)
    language plpgsql stable security definer set search_path from current set jit = off
    as $$
#variable_conflict use_column
declare
    tenant   uuid := current_tenant();
    gen      bigint;
    own      tsquery;
    terms    tsquery;
    titles   tsquery;
    hints    tsquery;
    ranking  tsquery := nullif(ranks, '')::tsquery;
    viewed   boolean := views is not null;
    found_   text;
    columns_ text;
    key_     text;
    order_   text;
    r        record;
    seen     bigint := 0;
    i        integer;
    marked   text;
begin
    select x.live into gen from indexes x where x.tenant_id = tenant;
    if not found then
        return;
    end if;
    -- Compounds stand in for the marks of the words they end in.
    for i in 1 .. cardinality(suffixes) loop
        continue when suffixes[i] = '';
        select string_agg(' | ' || quote_literal(c), ''), string_agg(' | ' || quote_literal('=' || c), '') into marked, key_
            from compounds(tenant, gen, suffixes[i]) c;
        continue when marked is null;
        match := replace(match, '''§' || (i - 1) || '''', substr(marked, 4));
        titled := replace(titled, '''=§' || (i - 1) || '''', substr(key_, 4));
        hinted := replace(hinted, '''=§' || (i - 1) || '''', substr(key_, 4));
        for j in 1 .. cardinality(others) loop
            others[j] := replace(others[j], '''§' || (i - 1) || '''', substr(marked, 4));
        end loop;
    end loop;
    own := scope(gen, locale)::tsquery;
    if match <> '' then
        terms := match::tsquery && own;
    end if;
    if titled <> '' then
        titles := titled::tsquery && own;
        hints := hinted::tsquery;
    end if;
    found_ := matching(terms is not null, lowest is not null, highest is not null, viewed, ranges is not null);
    columns_ := case when viewed then 'o.a[1] as low, o.a[cardinality(o.a)] as high' else 'd.min_price as low, d.max_price as high' end;
    order_ := case sort when 'price' then 'd.by_price' when 'price_desc' then 'd.by_price_desc' else 'd.by_newest' end;
    key_ := case
        when sort = 'relevance' and ranking is not null and titles is not null then
            '(-1e9 * (ts_rank(d.words, $12) + case when d.words @@ $13 then 2 + 1.0 / (1 + d.title_words) when d.words @@ $22 then 1 else 0 end))::bigint'
        when sort = 'relevance' and ranking is not null then '(-1e9 * ts_rank(d.words, $12))::bigint'
        when viewed and sort = 'price' then 'coalesce(o.a[1], 9223372036854775807)'
        when viewed and sort = 'price_desc' then 'coalesce(-o.a[1], 9223372036854775807)'
        else order_ end;
    if sort = 'relevance' and cardinality(pinned) + cardinality(buried) > 0 then
        key_ := 'case when d.product_id = any($10) then -9000000000000000000 + array_position($10, d.product_id)
            when d.product_id = any($11) then 4000000000000000000 + ' || key_ || ' else ' || key_ || ' end';
    else
        pinned := '{}';
        buried := '{}';
    end if;
    columns_ := 'select d.product_id, d.edition, d.facets, d.available, ' || columns_ || ', ' || key_ || ' as k';

    if terms is not null and sort = 'relevance' and ranking is not null and titles is not null and lowest is null and highest is null and not viewed and ranges is null then
        -- What is asked most: the same as below, written out, so that it is planned once.
        for r in with g as materialized (
                select d.product_id, d.edition, d.facets, d.available, d.min_price as low, d.max_price as high,
                    (-1e9 * (ts_rank(d.words, ranking) + case when d.words @@ titles then 2 + 1.0 / (1 + d.title_words) when d.words @@ hints then 1 else 0 end))::bigint as k
                from documents d where d.words @@ terms limit sample),
            t as materialized (
                select d.product_id, d.edition, (-1e9 * (ts_rank(d.words, ranking) + 2 + 1.0 / (1 + d.title_words)))::bigint as k
                from documents d where d.words @@ titles and (select count(*) from g) >= sample limit ranked),
            p as (
                select d.product_id, d.edition, (-1e9 * ts_rank(d.words, ranking))::bigint as k
                from documents d where d.product_id = any(pinned) and d.generation = gen and d.tenant_id = tenant and d.words @@ terms),
            u as (select g.product_id, g.edition, g.k from g union select t.product_id, t.edition, t.k from t union select p.product_id, p.edition, p.k from p
                where not exists (select from g where g.product_id = p.product_id)),
            m as (select u.product_id, u.edition, case
                    when u.product_id = any(pinned) then -9000000000000000000 + array_position(pinned, u.product_id)
                    when u.product_id = any(buried) then 4000000000000000000 + u.k else u.k end as k from u),
            page as (select distinct on (m.k, m.product_id) m.product_id, m.edition, m.k from m
                where after_key is null or (m.k, m.product_id) > (after_key, after_product) order by m.k, m.product_id offset skip limit size),
            counts as (select f.number, count(*) as c from g, unnest(g.facets) f (number) group by f.number),
            best as (select v.*, c.c, row_number() over (partition by v.kind, v.code order by c.c desc, v.slug) as place
                from counts c join facet_values v on v.number = c.number and v.generation = gen and v.tenant_id = tenant where most > 0)
            select 'hit' as kind, null as code, null as slug, null as name, null as title, null::jsonb as names, p.product_id as product, p.edition, p.k as sort_key, null::bigint as n, b.body
                from page p join bodies b on b.product_id = p.product_id and b.edition = p.edition and b.generation = gen and b.tenant_id = tenant
            union all select x.kind, null, null, null, null, null, null, null, null, x.n, null
                from (select count(*) as total, count(*) filter (where g.available) as stock, min(g.low) as low, max(g.high) as high from g) s
                cross join lateral (values ('sample', total), ('stock', stock), ('low', low), ('high', high)) x (kind, n)
            union all (select 'bucket', null, null, null, null, null, null, null, width_bucket(g.low, ladder), count(*), null from g where g.low is not null group by 9)
            union all (select best.kind, best.code, best.slug, best.name, best.title, best.names, null, null, best.place, best.c, null from best where best.place <= most)
        loop
            if r.kind = 'sample' then
                seen := r.n;
            end if;
            kind := r.kind; code := r.code; slug := r.slug; name := r.name; title := r.title; names := r.names;
            product := r.product; edition := r.edition; sort_key := r.sort_key; n := r.n; body := r.body;
            return next;
        end loop;
    else
        for r in execute 'with g as materialized (' || columns_ || found_
                || case when terms is null then ' order by d.by_newest, d.product_id' else '' end || ' limit $14)'
            || case when titles is not null and sort = 'relevance' then
                ', t as materialized (' || columns_ || replace(found_, '$3', '$13') || ' and (select count(*) from g) >= $14 limit $21)' else '' end
            || case when cardinality(pinned) > 0 then
                ', p as (' || columns_ || found_ || ' and d.product_id = any($10))' else '' end
            || ', m as (select product_id, edition, k from g'
            || case when titles is not null and sort = 'relevance' then ' union select product_id, edition, k from t' else '' end
            || case when cardinality(pinned) > 0 then ' union select product_id, edition, k from p' else '' end
            || '), page as (select product_id, edition, k from m'
            || case when after_key is not null then ' where (m.k, m.product_id) > ($15, $16)' else '' end
            || ' order by k, product_id offset $17 limit $18)
            , counts as (select u.number, count(*) as c from g, unnest(g.facets) u (number) group by u.number)
            , best as (select v.*, c.c, row_number() over (partition by v.kind, v.code order by c.c desc, v.slug) as place
                from counts c join facet_values v on v.number = c.number and v.generation = $2 and v.tenant_id = $1)
            select ''hit'' as kind, null as code, null as slug, null as name, null as title, null::jsonb as names, p.product_id as product, p.edition, p.k as sort_key, null::bigint as n, b.body
                from page p join bodies b on b.product_id = p.product_id and b.edition = p.edition and b.generation = $2 and b.tenant_id = $1
            union all select x.kind, null, null, null, null, null, null, null, null, x.n, null
                from (select count(*) as total, count(*) filter (where available) as stock, min(low) as low, max(high) as high from g) s
                cross join lateral (values (''sample'', total), (''stock'', stock), (''low'', low), (''high'', high)) x (kind, n)
            union all (select ''bucket'', null, null, null, null, null, null, null, width_bucket(low, $19), count(*), null from g where low is not null group by 9)
            union all (select kind, code, slug, name, title, names, null, null, place, c, null from best where place <= $20 order by kind, code, place)'
            using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, pinned, buried, ranking, titles, sample,
                after_key, after_product, skip, size, ladder, most, ranked, hints
        loop
            if r.kind = 'sample' then
                seen := r.n;
            end if;
            -- With more matches than were looked at, another order than by relevance is that of all of them.
            continue when r.kind = 'hit' and sort <> 'relevance';
            continue when r.kind = 'hit' and ranking is null;
            kind := r.kind; code := r.code; slug := r.slug; name := r.name; title := r.title; names := r.names;
            product := r.product; edition := r.edition; sort_key := r.sort_key; n := r.n; body := r.body;
            return next;
        end loop;
    end if;
    kind := null; code := null; slug := null; name := null; title := null; names := null; product := null; edition := null; sort_key := null; body := null;

    if sort <> 'relevance' or ranking is null then
        marked := 'select d.product_id, d.edition, ' || key_ || ' as k' || found_;
        if seen < sample or (viewed and sort like 'price%') then
            marked := 'select m.product_id, m.edition, m.k from (' || marked || ') m'
                || case when after_key is not null then ' where (m.k, m.product_id) > ($12, $13)' else '' end
                || ' order by m.k, m.product_id offset $14 limit $15';
            return query execute 'select ''hit'', null::text, null::text, null::text, null::text, null::jsonb, p.product_id, p.edition, p.k, null::bigint, b.body
                from (' || marked || ') p join bodies b on b.product_id = p.product_id and b.edition = p.edition and b.generation = $2 and b.tenant_id = $1'
                using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, pinned, buried, after_key, after_product, skip, size;
        else
            marked := 'select d.product_id, d.edition, ' || order_ || ' as k' || found_
                || ' and d.generation = $2 and d.tenant_id = $1 and d.product_id <> all($10) and d.product_id <> all($11)'
                || case when after_key is not null and after_key > -9000000000000000000 + 1000 then ' and (' || order_ || ', d.product_id) > ($12, $13)' else '' end
                || ' order by ' || order_ || ', d.product_id';
            if cardinality(pinned) = 0 then
                marked := marked || ' offset $14 limit $15';
            else
                marked := 'select x.* from ((' || marked || ' limit $14 + $15) union all (select d.product_id, d.edition, ' || key_ || ' as k' || found_
                    || ' and d.product_id = any($10))) x' || case when after_key is not null then ' where (x.k, x.product_id) > ($12, $13)' else '' end
                    || ' order by x.k, x.product_id offset $14 limit $15';
            end if;
            return query select 'hit', null::text, null::text, null::text, null::text, null::jsonb, p.product_id, p.edition, p.k, null::bigint, b.body
                from walk(marked, tenant, gen, terms, locale, lowest, highest, currency, views, ranges, pinned, buried, after_key, after_product, skip, size) p
                join bodies b on b.product_id = p.product_id and b.edition = p.edition and b.generation = gen and b.tenant_id = tenant;
        end if;
    end if;

    kind := 'total';
    if seen < sample then
        n := seen;
    elsif countable = 0 then
        n := null; -- the caller knows
    else
        execute 'select count(*) from (select ' || found_ || ' limit $10) x'
            into n using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, countable;
    end if;
    return next;

    -- What has a choice of its own is counted as if there were none.
    for i in 1 .. cardinality(apart) loop
        terms := case when others[i] <> '' then others[i]::tsquery && own end;
        if apart[i] = 'price' then
            found_ := matching(terms is not null, false, false, viewed, ranges is not null);
            return query execute 'with g as materialized (select ' || case when viewed then 'o.a[1] as low, o.a[cardinality(o.a)] as high'
                    else 'd.min_price as low, d.max_price as high' end || found_ || ' limit $10)
                select x.kind, ''apart'', null::text, null::text, null::text, null::jsonb, null::uuid, null::text, null::bigint, x.n, null::bytea
                    from (select count(*) as total, min(low) as low, max(high) as high from g) s
                    cross join lateral (values (''sample'', total), (''low'', low), (''high'', high)) x (kind, n)
                union all (select ''bucket'', ''apart'', null, null, null, null, null, null, width_bucket(low, $11), count(*), null
                    from g where low is not null group by 9)'
                using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, sample, ladder;
            continue;
        end if;
        found_ := matching(terms is not null, lowest is not null, highest is not null, viewed, ranges is not null);
        if apart[i] = 'stock' then
            return query execute 'select ''stock'', ''apart'', null::text, null::text, null::text, null::jsonb, null::uuid, null::text, null::bigint,
                count(*) filter (where m.available), null::bytea from (select d.available' || found_ || ' limit $10) m'
                using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, sample;
            continue;
        end if;
        return query execute 'select ''apart:'' || v.kind, v.code, v.slug, v.name, v.title, v.names, null::uuid, null::text, row_number() over (order by c.c desc, v.slug), c.c, null::bytea
            from (select u.number, count(*) as c from (select d.facets' || found_ || ' limit $10) m, unnest(m.facets) u (number) group by u.number) c
            join facet_values v on v.number = c.number and v.generation = $2 and v.tenant_id = $1
            where v.kind = split_part($11, '':'', 1) and v.code = split_part($11, '':'', 2) order by c.c desc, v.slug limit $12'
            using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, sample, apart[i], most;
    end loop;

    if seen = 0 and cardinality(words) > 0 then
        return query select 'word', f.asked, f.meant, null::text, null::text, null::jsonb, null::uuid, null::text, null::bigint, null::bigint, null::bytea
            from find_words(words, forms, endings, open, typo_keys, part_keys, languages, tenant, gen) f;
    end if;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
do $$
declare
    reader text := current_schema() || '_reader';
    f      regprocedure;
begin
    foreach f in array array[
        'named(text,text,integer)'::regprocedure,
        'find(text,text,text,text,text[],text,bigint,bigint,text,text[],jsonb,text,bigint,uuid,bigint,integer,uuid[],uuid[],text[],text[],integer,integer,integer,integer,bigint[],text[],text[],text[],boolean,text[],text[],text[])'::regprocedure]
    loop
        execute format('revoke execute on function %s from public', f);
        execute format('alter function %s owner to %I', f, reader);
    end loop;
    execute format('revoke create on schema %I from %I', current_schema(), reader);
end $$;
-- +goose StatementEnd
