-- +goose Up

-- What an older release has left goes.
-- +goose StatementBegin
do $$
declare
    f record;
begin
    for f in select p.oid::regprocedure as name from pg_proc p where p.pronamespace = current_schema()::regnamespace
        and p.proname in ('find', 'walk', 'counted', 'sampled', 'standing', 'parted', 'matching')
    loop
        execute format('drop function %s', f.name);
    end loop;
end $$;
-- +goose StatementEnd

-- Each word asked for is a condition of its own, and not one text search of all: then PostgreSQL leaps through the lists of
-- both from one to the next. Within one text search it walks through the list that it takes for the shortest, and it takes
-- for the shortest what begins with a page that a VACUUM has emptied, however long it is.

-- Where a document stands by relevance: those that are called what is asked for come first, then those with all words in
-- the title, then the others; within both, those of the slices that are looked at first, so that a list goes on where it
-- ended when a later page has to look at more of them.
-- +goose StatementBegin
create function standing(words tsvector, title_words smallint, slice smallint, ranking tsquery, exacts tsquery, titles tsquery, hints tsquery, base integer) returns bigint
    language sql immutable parallel safe
    as $$
select case when words @@ exacts then 0
        when words @@ titles then 1000000000000 + greatest(base - slice, 0) * 10000000000 - (1e9 / (1 + title_words)::float8)::bigint
        else 2000000000000 + greatest(base - slice, 0) * 10000000000 - case when words @@ hints then 1000000000 else 0 end end
    - (1e9 * ts_rank(words, ranking))::bigint
$$;
-- +goose StatementEnd

-- What is asked for, one thing after each U+0001, and what limits it, as four conditions: from the fourth thing on, all are
-- in the fourth; where there are fewer, the others ask for documents without a word that none has.
-- +goose StatementBegin
create function parted(asked text, limits tsquery[]) returns tsquery[]
    language plpgsql immutable parallel safe
    as $$
declare
    all_ tsquery[] := case when asked = '' then limits else string_to_array(asked, E'\x01')::tsquery[] || limits end;
    rest tsquery := all_[4];
    any_ tsquery := $q$!'/'$q$; -- the words of filters begin so, and none is just that
begin
    for i in 5 .. cardinality(all_) loop
        rest := rest && all_[i];
    end loop;
    return array[all_[1], coalesce(all_[2], any_), coalesce(all_[3], any_), coalesce(rest, any_)];
end $$;
-- +goose StatementEnd

-- The condition shared by all that is put together: from constants only; values travel as parameters:
-- $1 tenant, $2 generation, $3 what is looked for, $4 locale, $5 and $6 price, $7 currency, $8 views, $9 ranges. The scope
-- says the tenant, generation and language by itself, and a tombstone has no words.
-- +goose StatementBegin
create function matching(has_text boolean, has_low boolean, has_high boolean, viewed boolean, ranged boolean) returns text
    language sql immutable parallel safe
    as $$
select ' from documents d'
    || case when viewed then ' cross join lateral (select offered(d.offers, d.currency, d.prices, $7, $8) as a) o' else '' end
    || case when has_text then ' where d.words @@ $3[1] and d.words @@ $3[2] and d.words @@ $3[3] and d.words @@ $3[4]' -- as in find
        else ' where d.tenant_id = $1 and d.generation = $2 and d.covers @> array[$4] and not d.removed' end
    || case when not viewed then
            case when has_low then ' and d.max_price >= $5' else '' end
            || case when has_high then ' and d.min_price <= $6' else '' end
            || case when has_low and has_high then ' and (d.min_price >= $5 or d.max_price <= $6 or exists (select from unnest(d.prices) p where p between $5 and $6))' else '' end
        else
            case when has_low or has_high then
                ' and exists (select from unnest(o.a) p where p between coalesce($5, 0) and coalesce($6, 9223372036854775807))' else '' end
        end
    || case when ranged then ' and within(d.numbers, $9)' else '' end
$$;
-- +goose StatementEnd

-- A page in the order of an index, for conditions that so many documents fulfil that walking the index finds them soonest. It
-- has some twenty products: then their texts are looked up, and not read of all products.
-- +goose StatementBegin
create function walk(query text, tenant uuid, gen bigint, whole tsquery, locale text, lowest bigint, highest bigint, currency text,
    views text[], ranges jsonb, pinned uuid[], buried uuid[], after_key bigint, after_product uuid, skip bigint, size integer)
    returns table (product_id uuid, edition text, k bigint)
    language plpgsql stable rows 20 set search_path from current set jit = off set enable_bitmapscan = off set enable_seqscan = off set enable_sort = off
    as $$
begin
    return query execute query using tenant, gen, whole, locale, lowest, highest, currency, views, ranges, pinned, buried,
        after_key, after_product, skip, size;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
do $migration$
declare
    -- What is said over and over below, so that each statement is there as a whole and planned once.
    words  text := 'd.words @@ terms[1] and d.words @@ terms[2] and d.words @@ terms[3] and d.words @@ terms[4]';
    mine   text := '(scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale])';
    priced text := '(lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
        and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))';
    standing text := 'standing(d.words, d.title_words, d.slice, ranking, exact, title_, hints, base)';
    -- One slice after the other, so that the end of what is ranked is always the same.
    ranked text := (select string_agg(format('select d.product_id, d.edition, {standing} as k from documents d
        where lower < base and {words} and {mine} and d.slice = %s and lower <= %1$s and {priced}', s), ' union all ' order by s desc) from generate_series(0, 5) s);
    titled text := (select string_agg(format('select d.product_id, d.edition, {standing} as k from documents d
        where (tops < base or (select count(*) from g) >= sample) and d.words @@ titles[1] and d.words @@ titles[2] and d.words @@ titles[3] and d.words @@ titles[4]
            and {mine} and d.slice = %s and tops <= %1$s and {priced}', s), ' union all ' order by s desc) from generate_series(0, 5) s);
    source text;
begin
    foreach source in array array[
$source$
-- How many documents of some slices match; counting ends when there are enough.
create function counted(terms tsquery[], from_ integer, till integer, lowest bigint, highest bigint, enough bigint, scoped boolean, gen bigint, tenant uuid, locale text) returns bigint
    language plpgsql stable
    as $$
begin
    return (select count(*) from (select from documents d where {words} and d.slice between from_ and till and {mine} and {priced} limit enough) x);
end $$;
$source$,
$source$
-- The slice from which on there are about enough matches to stand for all; 0 when all have to be looked at. What the smaller
-- slices have tells of the larger. In a shop of some thousand products they have too few: all are looked at there, unless that
-- were about as many as are looked at at most.
create function sampled(terms tsquery[], lowest bigint, highest bigint, large boolean, enough integer, most integer, scoped boolean, gen bigint, tenant uuid, locale text) returns integer
    language plpgsql stable
    as $$
declare
    have bigint;
    more bigint;
begin
    if not large then
        return case when counted(terms, 2, 5, lowest, highest, most / 16, scoped, gen, tenant, locale) < most / 16 then 0 else 2 end;
    end if;
    select x.n, case when x.n * 4 < enough then (select count(*) from (select from documents d where {words} and d.slice = 3 and {mine} and {priced} limit enough) y) end into have, more
        from (select count(*) as n from (select from documents d where {words} and d.slice between 4 and 5 and {mine} and {priced} limit enough) x) x;
    if have >= enough then
        return case when counted(terms, 5, 5, lowest, highest, enough, scoped, gen, tenant, locale) < enough then 4 else 5 end;
    elsif more is null then
        return 3; -- there are eight times as many
    end if;
    have := have + more;
    return case when have >= enough then 3 when have * 4 >= enough then 2 when have * 16 >= enough then 1 else 0 end;
end $$;
$source$,
$source$
-- One page, how many match, and what could narrow them. Rows of a kind each:
--
--	hit     a product of the page: product, edition, sort_key, body
--	total   n documents match
--	sample  n of them were looked at to count the rest
--	stock   n of those can be bought
--	low     the lowest price seen, high the highest; bucket: n products whose lowest price lies in step sort_key of the ladder
--	facet   a value: code of an attribute, number of its kind in name_of, n documents
--	rough   what is counted apart is projected
--	word    when nothing matches: what a word was meant to be, code → slug
--
-- When enough documents match in the small slices, only those there are counted and ranked, unless the page needs more;
-- in a shop of a few thousand products all are, up to sample. Matching a text costs far more than the planner thinks, which
-- would read all of a slice instead of its index: hence cpu_operator_cost; and one plan fits all that is asked, while planning
-- takes longer than finding: hence plan_cache_mode. What is searched is in memory: hence effective_io_concurrency. What is
-- counted apart, each with a condition of its own in others, replaces what is counted of that kind; marks are the last bytes
-- of its facets. reach is how many documents the list has up to the end of the page. Of so many matches that one in sixteen or
-- fewer of the documents are looked at, the total is projected as well.
--
-- Every document has the lexeme of its scope, and walking through those costs as much as through the words themselves. When
-- there is no other shop and no other generation, hardly a document is of another scope, and those are left out one by one.
create function find(match text, titled text, hinted text, exacted text, ranks text, suffixes text[], locale text,
    lowest bigint, highest bigint, currency text, views text[], ranges jsonb,
    sort text, after_key bigint, after_product uuid, skip bigint, size integer, reach integer, pinned uuid[], buried uuid[],
    apart text[], others text[], marks integer[], most integer, sample integer, enough integer, ranked integer, countable integer, ladder bigint[],
    words text[], forms text[], endings text[], open boolean, typo_keys text[], part_keys text[], languages text[])
    returns table (kind text, code text, slug text, name text, title text, names jsonb, product uuid, edition text, sort_key bigint, n bigint, body bytea)
    language plpgsql stable security definer set search_path from current set jit = off set enable_seqscan = off set cpu_operator_cost = 0.1
    set plan_cache_mode = force_generic_plan set effective_io_concurrency = 0
    as $$
#variable_conflict use_column
declare
    tenant   uuid := current_tenant();
    gen      bigint;
    own      tsquery;
    terms    tsquery[];  -- what is looked for, as parted tells …
    whole    tsquery;    -- … and in one, to look at a document that is found
    titles   tsquery[];
    exacts   tsquery[];
    title_   tsquery;    -- the same of titles
    exact    tsquery;
    hints    tsquery;
    texted   boolean := match <> '';
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
    matched  constant text := 'd.words @@ $3[1] and d.words @@ $3[2] and d.words @@ $3[3] and d.words @@ $3[4]'; -- as in matching
    sliced_  text;
    few      boolean;    -- that match, so that all of them are put in order
    told     boolean := false; -- how many match
    begun    text[];
    large    boolean;    -- there are documents enough to look at some slices only …
    medium   boolean;    -- … or at least when very many match
    base     integer := 0; -- documents are counted from this slice on …
    lower    integer;      -- … ranked from this one on …
    tops     integer;      -- … and those with all words in the title from this one on
    have     bigint;
    relevant boolean;    -- the order is by relevance
    plain    boolean;    -- what is asked most, written out so that it is planned once
    done     boolean := false;
    scale    bigint;
    rough    boolean := false;
    scales   bigint[] := array[1, 4, 16, 64, 512, 4096];
    scoped   boolean;    -- the index is asked for documents of the shop's generation only
    narrow   text;       -- steps of prices, when they are few
    byprice  boolean;    -- the cheapest, or the dearest, are looked for among the steps of prices
    keys     jsonb;      -- of those looked at, in order
    nearest  bigint;
    pivot    bigint;
    farther  bigint;
    wanted   bigint;
    held     bigint;
    edge     bigint;
    span_    text;
    around_  tsquery;
    limits   tsquery[];  -- whose documents, and at what prices
    done_    boolean := false; -- the page is found among the steps of prices
begin
    select x.live, x.building is not null or (select count(*) from (select from indexes limit 2) y) > 1 into gen, scoped from indexes x where x.tenant_id = tenant;
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
    -- Words that begin so are named one by one when they are few: an index that is asked for a beginning collects all
    -- documents with it before it looks at any other word.
    for marked in select distinct m[1] from regexp_matches(match, '''([^'']+)'':\*', 'g') m loop
        begun := array(select distinct l.word from lexicon l where l.word >= marked collate "C" and l.word < (marked || U&'\+10FFFF') collate "C"
            and l.generation = gen and l.tenant_id = tenant limit 21);
        continue when cardinality(begun) > 20;
        if cardinality(begun) = 0 then -- then it need not be asked for where something else will do
            match := replace(match, ' | ((' || quote_literal(marked) || ':*))', '');
            titled := replace(titled, ' | ((' || quote_literal('=' || marked) || ':*))', '');
            for j in 1 .. cardinality(others) loop
                others[j] := replace(others[j], ' | ((' || quote_literal(marked) || ':*))', '');
            end loop;
        end if;
        if marked <> all(begun) then
            begun := array_append(begun, marked);
        end if;
        select '(' || string_agg(quote_literal(b), ' | ') || ')', '(' || string_agg(quote_literal('=' || b), ' | ') || ')' into key_, order_ from unnest(begun) b;
        match := replace(match, quote_literal(marked) || ':*', key_);
        titled := replace(titled, quote_literal('=' || marked) || ':*', order_);
        hinted := replace(hinted, quote_literal('=' || marked) || ':*', order_);
        for j in 1 .. cardinality(others) loop
            others[j] := replace(others[j], quote_literal(marked) || ':*', key_);
        end loop;
    end loop;
    own := scope(gen, locale)::tsquery;
    relevant := sort = 'relevance' and ranking is not null;
    plain := match <> '' and not viewed and ranges is null;
    if plain and highest < 2 * lowest then -- a wide span tells less than it costs
        narrow := steps_between(lowest, highest, 24);
    end if;
    -- What is put together below says nothing of the scope.
    scoped := scoped or not plain or not relevant and cardinality(pinned) + cardinality(buried) > 0;
    limits := array_remove(array[case when scoped then own end, narrow::tsquery], null);
    terms := parted(match, limits);
    whole := nullif(replace(match, E'\x01', ' & '), '')::tsquery;
    foreach around_ in array limits loop
        whole := coalesce(whole && around_, around_);
    end loop;
    titles := parted(titled, limits);
    exacts := parted(exacted, limits[:1]);
    if titled <> '' then
        title_ := replace(titled, E'\x01', ' & ')::tsquery;
        hints := hinted::tsquery;
    end if;
    exact := nullif(exacted, '')::tsquery;
    large := exists (select from documents d where d.generation = gen and d.tenant_id = tenant and not d.removed and d.edition = '' and d.slice = 4 offset 11);
    medium := large or exists (select from documents d where d.generation = gen and d.tenant_id = tenant and not d.removed and d.edition = '' and d.slice = 3 offset 19);
    if medium and ranges is null and not (viewed and (lowest is not null or highest is not null)) then
        base := sampled(terms, lowest, highest, large, enough, sample, scoped, gen, tenant, locale);
    end if;
    byprice := plain and base > 0 and sort in ('price', 'price_desc') and abs(coalesce(after_key, 0)) < 9000000000000000000;
    found_ := matching(texted, lowest is not null, highest is not null, viewed, ranges is not null);
    columns_ := case when viewed then 'o.a[1] as low, o.a[cardinality(o.a)] as high' else 'd.min_price as low, d.max_price as high' end;
    order_ := case sort when 'price' then 'd.by_price' when 'price_desc' then 'd.by_price_desc' else 'd.by_newest' end;
    key_ := case
        when sort = 'relevance' and ranking is not null then 'standing(d.words, d.title_words, d.slice, $12, $24, $25, $22, ' || base || ')'
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
    reach := reach + cardinality(buried); -- which leave the place they had
    columns_ := 'select d.product_id, d.edition, d.facets, d.available, ' || columns_ || ', ' || key_ || ' as k';

    if base > 0 and exact is not null and relevant and not exists (select from documents d where d.words @@ exacts[1] and d.words @@ exacts[2] and {mine}) then
        exact := null;
    end if;
    if plain and cardinality(pinned) = 0 and not (relevant and base > 0 and exact is not null) then
        done := true;
        for r in with g as materialized (
                select d.product_id, d.edition, d.facets, d.available, d.min_price as low, d.max_price as high,
                    case when relevant then {standing}
                        when sort = 'price' then d.by_price when sort = 'price_desc' then d.by_price_desc end as k
                from documents d where {words} and {mine} and d.slice >= base and {priced} limit sample),
            m as (select g.product_id, g.edition, case when g.product_id = any(buried) then 4000000000000000000 + g.k else g.k end as k from g where relevant),
            page as (select m.product_id, m.edition, m.k from m
                where after_key is null or (m.k, m.product_id) > (after_key, after_product) order by m.k, m.product_id offset skip limit size),
            counts as (select f.number, count(*) as c from g, unnest(g.facets) f (number) group by f.number),
            best as (select v.*, c.c, row_number() over (partition by v.kind, v.code order by c.c desc, v.slug) as place
                from counts c join facet_values v on v.number = c.number and v.generation = gen and v.tenant_id = tenant where most > 0)
            select x.kind, null as code, null as slug, null as name, null as title, null::jsonb as names, null::uuid as product, null as edition, s.first as sort_key, x.n, null::bytea as body
                from (select count(*) as total, count(*) filter (where g.available) as stock, min(g.low) as low, max(g.high) as high,
                    count(*) filter (where title_ is null or g.k < 2000000000000) as first from g) s
                cross join lateral (values ('sample', total), ('stock', stock), ('low', low), ('high', high)) x (kind, n)
            union all (select 'hit', null, null, null, null, null, p.product_id, p.edition, p.k, null, b.body
                from page p join bodies b on b.product_id = p.product_id and b.edition = p.edition and b.generation = gen and b.tenant_id = tenant)
            union all (select 'bucket', null, null, null, null, null, null, null, width_bucket(g.low, ladder), count(*), null from g where g.low is not null group by 9)
            union all (select best.kind, best.code, best.slug, best.name, best.title, best.names, null, null, best.place, best.c, null from best where best.place <= most)
            union all (select 'keys', null, null, null, null, (select jsonb_agg(g.k order by g.k) from g), null, null, null, null, null where byprice)
        loop
            if r.kind = 'keys' then
                keys := r.names;
                continue;
            elsif r.kind = 'sample' then
                seen := r.n;
                -- r.sort_key of them come before all others.
                done := not relevant or base = 0 and seen < sample or base > 0 and r.sort_key >= reach;
                exit when not done;
            end if;
            kind := r.kind; code := r.code; slug := r.slug; name := r.name; title := r.title; names := r.names;
            product := r.product; edition := r.edition; sort_key := r.sort_key; n := r.n; body := r.body;
            return next;
        end loop;
    end if;

    -- How much of the index the page needs.
    lower := base;
    tops := base;
    if not done and base > 0 and relevant then
        have := 0;
        if title_ is not null then
            tops := 6;
            while have < reach and tops > 0 loop
                tops := tops - 1;
                have := have + counted(titles, tops, tops, lowest, highest, reach, scoped, gen, tenant, locale);
            end loop;
            tops := least(tops, base);
        end if;
        if have < reach then
            lower := 6;
            have := 0;
            while have < reach and lower > 0 loop
                lower := lower - 1;
                have := have + counted(terms, lower, lower, lowest, highest, reach, scoped, gen, tenant, locale);
            end loop;
            lower := least(lower, base);
        end if;
    end if;

    if done then
        null;
    elsif plain and relevant then
        for r in with g as materialized (
                select d.product_id, d.edition, d.facets, d.available, d.min_price as low, d.max_price as high, {standing} as k
                from documents d where {words} and {mine} and d.slice >= base and {priced} limit sample),
            -- One slice after the other, so that the end of what is ranked is always the same.
            l as (select x.product_id, x.edition, x.k from ({ranked}) x limit sample),
            t as (select x.product_id, x.edition, x.k from ({titled}) x limit ranked),
            e as (
                select d.product_id, d.edition, {standing} as k
                from documents d where (base > 0 or (select count(*) from g) >= sample) and d.words @@ exacts[1] and d.words @@ exacts[2] and {mine} and (d.words @@ whole) is true and {priced} limit ranked),
            p as (
                select d.product_id, d.edition, {standing} as k
                from documents d where d.product_id = any(pinned) and d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale] and (d.words @@ whole) is true and {priced}),
            u as (select g.product_id, g.edition, g.k from g union all select l.product_id, l.edition, l.k from l union all select t.product_id, t.edition, t.k from t
                union all select e.product_id, e.edition, e.k from e union all select p.product_id, p.edition, p.k from p),
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
        sliced_ := ' and d.slice >= ' || base;
        for r in execute 'with g as materialized (' || columns_ || found_ || sliced_
                || case when texted then '' else ' order by d.by_newest, d.product_id' end || ' limit $14)'
            || case when lower < base then
                ', l as (select * from (' || (select string_agg(columns_ || found_ || ' and d.slice = ' || s, ' union all ' order by s desc)
                    from generate_series(lower, 5) s) || ') x limit $14)' else '' end
            || case when title_ is not null and sort = 'relevance' then
                ', t as (select * from (' || (select string_agg(columns_ || replace(found_, '$3', '$13') || ' and d.slice = ' || s
                        || case when tops < base then '' else ' and (select count(*) from g) >= $14' end, ' union all ' order by s desc)
                    from generate_series(tops, 5) s) || ') x limit $21)' else '' end
            || case when exact is not null and texted and sort = 'relevance' then
                ', e as (' || columns_ || replace(found_, '$3', '$23') || ' and (' || matched || ') is true'
                    || case when base > 0 then '' else ' and (select count(*) from g) >= $14' end || ' limit $21)' else '' end
            || case when cardinality(pinned) > 0 then
                ', p as (' || columns_ || found_ || ' and d.product_id = any($10))' else '' end
            || ', m as (select product_id, edition, k from g'
            || case when lower < base then ' union select product_id, edition, k from l' else '' end
            || case when title_ is not null and sort = 'relevance' then ' union select product_id, edition, k from t' else '' end
            || case when exact is not null and texted and sort = 'relevance' then ' union select product_id, edition, k from e' else '' end
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
                after_key, after_product, skip, size, ladder, most, ranked, hints, exacts, exact, title_
        loop
            if r.kind = 'sample' then
                seen := r.n;
            end if;
            -- With more matches than were looked at, another order than by relevance is that of all of them.
            continue when r.kind = 'hit' and not relevant;
            kind := r.kind; code := r.code; slug := r.slug; name := r.name; title := r.title; names := r.names;
            product := r.product; edition := r.edition; sort_key := r.sort_key; n := r.n; body := r.body;
            return next;
        end loop;
    end if;
    kind := null; code := null; slug := null; name := null; title := null; names := null; product := null; edition := null; sort_key := null; body := null;

    if not relevant then
        marked := 'select d.product_id, d.edition, ' || key_ || ' as k' || found_;
        -- All that match are put in order, unless they are so many that walking through all documents in order comes sooner to
        -- enough of them.
        have := seen * scales[base + 1];
        few := base = 0 and seen < sample
            or base > 0 and have::float8 * have < 2.0 * (skip + size) * (select greatest(c.reltuples, 100000) from pg_class c where c.oid = 'documents_0'::regclass);
        -- A page of the nearest: the index knows which of the documents up to some price have the words. Up to which, the prices of
        -- all documents tell, as far as they know nothing of words: up to where as many are as hold half as many again as the page
        -- needs. Unless the nearest of those that were looked at contradict, which tell it worse, as they are few: up to where about
        -- twice as many are. When they are too few after all, it is asked for four times as many.
        wanted := 2 * (skip + size);
        if byprice then
            nearest := coalesce(after_key, case sort
                when 'price' then (select d.by_price from documents d where d.generation = gen and d.tenant_id = tenant order by d.by_price limit 1)
                else (select d.by_price_desc from documents d where d.generation = gen and d.tenant_id = tenant order by d.by_price_desc limit 1) end);
            i := 6;
            loop
                i := i - 1;
                held := (select count(*) from documents d where d.generation = gen and d.tenant_id = tenant and d.slice >= i);
                exit when held >= 40 or i = 0;
            end loop;
            held := (1.5 * (skip + size) + 5) * held * scales[i + 1] / (seen * scales[base + 1]);
            i := 5;
            while i > 0 and held < 24 * scales[i + 1] loop
                i := i - 1;
            end loop;
            held := held / scales[i + 1];
            edge := case sort
                when 'price' then (select d.by_price from documents d where d.generation = gen and d.tenant_id = tenant and d.slice >= i and d.by_price >= nearest
                    order by d.by_price offset held limit 1)
                else (select d.by_price_desc from documents d where d.generation = gen and d.tenant_id = tenant and d.slice >= i and d.by_price_desc >= nearest
                    order by d.by_price_desc offset held limit 1) end;
        end if;
        while byprice and not done_ loop
            farther := wanted / scales[base + 1] + 4;
            pivot := (select min(x.k) from (select v.k::bigint as k from jsonb_array_elements_text(keys) v (k)
                where after_key is null or v.k::bigint >= after_key order by 1 offset farther - 1) x);
            exit when pivot is null or abs(pivot) > 9000000000000000000;
            if edge < pivot and edge - nearest > (pivot - nearest) * (wanted::float8 / (farther * scales[base + 1])) / 8 then
                pivot := edge;
            else
                pivot := nearest + ((pivot - nearest)::float8 * (wanted::float8 / (farther * scales[base + 1])) ^ 0.75)::bigint; -- the farther, the denser
            end if;
            edge := null;
            span_ := case when sort = 'price' then steps_between(nearest, pivot, 8) else steps_between(-pivot, -nearest, 8) end;
            exit when span_ is null;
            around_ := span_::tsquery;
            for r in with a as materialized (select d.product_id, d.edition, case sort when 'price' then d.by_price else d.by_price_desc end as k
                    from documents d where d.words @@ around_ and {words} and {mine} and {priced}),
                    b as materialized (select a.product_id, a.edition, a.k from a where a.k <= pivot and (after_key is null or (a.k, a.product_id) > (after_key, after_product))),
                    p as (select b.product_id, b.edition, b.k from b where (select count(*) from b) >= skip + size order by b.k, b.product_id offset skip limit size)
                select p.product_id as product, p.edition, p.k as sort_key, b.body
                    from p join bodies b on b.product_id = p.product_id and b.edition = p.edition and b.generation = gen and b.tenant_id = tenant
            loop
                done_ := true;
                kind := 'hit'; product := r.product; edition := r.edition; sort_key := r.sort_key; body := r.body;
                return next;
            end loop;
            wanted := wanted * 4;
        end loop;
        kind := null; product := null; edition := null; sort_key := null; body := null;
        if done_ then
            null;
        elsif plain and few and cardinality(pinned) = 0 and cardinality(buried) = 0 then
            told := true;
            return query with a as materialized (select d.product_id, d.edition, case sort when 'price' then d.by_price when 'price_desc' then d.by_price_desc else d.by_newest end as k
                    from documents d where {words} and {mine} and {priced}),
                p as (select a.product_id, a.edition, a.k from a where after_key is null or (a.k, a.product_id) > (after_key, after_product)
                    order by a.k, a.product_id offset skip limit size)
                select 'hit', null::text, null::text, null::text, null::text, null::jsonb, p.product_id, p.edition, p.k, null::bigint, b.body
                    from p join bodies b on b.product_id = p.product_id and b.edition = p.edition and b.generation = gen and b.tenant_id = tenant
                union all select 'total', null, null, null, null, null, null, null, null, count(*), null from a;
        elsif few or (viewed and sort like 'price%') then
            marked := 'select m.product_id, m.edition, m.k from (' || marked || ') m'
                || case when after_key is not null then ' where (m.k, m.product_id) > ($12, $13)' else '' end
                || ' order by m.k, m.product_id offset $14 limit $15';
            return query execute 'select ''hit'', null::text, null::text, null::text, null::text, null::jsonb, p.product_id, p.edition, p.k, null::bigint, b.body
                from (' || marked || ') p join bodies b on b.product_id = p.product_id and b.edition = p.edition and b.generation = $2 and b.tenant_id = $1'
                using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, pinned, buried, after_key, after_product, skip, size;
        else
            marked := 'select d.product_id, d.edition, ' || order_ || ' as k' || found_
                || ' and d.generation = $2 and d.tenant_id = $1 and d.covers @> array[$4] and d.product_id <> all($10) and d.product_id <> all($11)'
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
                from walk(replace(marked, matched, 'd.words @@ $3'), tenant, gen, whole, locale, lowest, highest, currency, views, ranges, pinned, buried, after_key, after_product, skip, size) p
                join bodies b on b.product_id = p.product_id and b.edition = p.edition and b.generation = gen and b.tenant_id = tenant;
        end if;
    end if;

    kind := 'total';
    if told then
        null;
    elsif base = 0 and seen < sample then
        n := seen;
    elsif countable = 0 then
        n := null; -- the caller knows
    elsif base > 1 and large then -- counting them would take longer than all the rest
        n := seen * scales[base + 1];
        code := 'about';
    elsif plain then
        n := case when base > 0 then seen else 0 end + counted(terms, 0, case when base > 0 then base - 1 else 5 end, lowest, highest, countable, scoped, gen, tenant, locale);
    else
        execute 'select count(*) from (select ' || found_ || ' limit $10) x'
            into n using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, countable;
    end if;
    if not told then
        return next;
    end if;
    code := null;

    -- What has a choice of its own is counted as if there were none.
    for i in 1 .. cardinality(apart) loop
        texted := others[i] <> '';
        terms := parted(others[i], array_remove(array[case when scoped or not texted or apart[i] = 'stock' then own end, case when apart[i] <> 'price' then narrow::tsquery end], null));
        base := 0;
        if medium and ranges is null and not (viewed and apart[i] <> 'price' and (lowest is not null or highest is not null)) then
            base := sampled(terms, case when apart[i] <> 'price' then lowest end, case when apart[i] <> 'price' then highest end, large, enough / 2, sample, scoped, gen, tenant, locale);
        end if;
        scale := scales[base + 1];
        rough := rough or base > 0;
        sliced_ := ' and d.slice >= ' || base;
        -- The same as below, planned once.
        if plain and texted and apart[i] = 'price' then
            return query with g as materialized (select d.min_price as low, d.max_price as high from documents d
                    where {words} and {mine} and d.slice >= base limit sample)
                select x.kind, 'apart', null::text, null::text, null::text, null::jsonb, null::uuid, null::text, null::bigint, x.n, null::bytea
                    from (select count(*) as total, min(g.low) as low, max(g.high) as high from g) s
                    cross join lateral (values ('sample', s.total * scale), ('low', s.low), ('high', s.high)) x (kind, n)
                union all (select 'bucket', 'apart', null, null, null, null, null, null, width_bucket(g.low, ladder), count(*) * scale, null
                    from g where g.low is not null group by 9);
            continue;
        elsif plain and texted and apart[i] <> 'stock' then
            return query select 'apart:' || v.kind, v.code, v.slug, v.name, v.title, v.names, null::uuid, null::text, row_number() over (order by c.c desc, v.slug), c.c * scale, null::bytea
                from (select u.number, count(*) as c from (select d.facets from documents d where {words} and {mine} and d.slice >= base and {priced} limit sample) m,
                    unnest(m.facets) u (number) where u.number & 255 = marks[i] group by u.number) c
                join facet_values v on v.number = c.number and v.generation = gen and v.tenant_id = tenant
                where v.kind = split_part(apart[i], ':', 1) and v.code = split_part(apart[i], ':', 2) order by c.c desc, v.slug limit most;
            continue;
        end if;
        if apart[i] = 'price' then
            found_ := matching(texted, false, false, viewed, ranges is not null);
            return query execute 'with g as materialized (select ' || case when viewed then 'o.a[1] as low, o.a[cardinality(o.a)] as high'
                    else 'd.min_price as low, d.max_price as high' end || found_ || sliced_ || ' limit $10)
                select x.kind, ''apart'', null::text, null::text, null::text, null::jsonb, null::uuid, null::text, null::bigint, x.n, null::bytea
                    from (select count(*) as total, min(low) as low, max(high) as high from g) s
                    cross join lateral (values (''sample'', total * $12), (''low'', low), (''high'', high)) x (kind, n)
                union all (select ''bucket'', ''apart'', null, null, null, null, null, null, width_bucket(low, $11), count(*) * $12, null
                    from g where low is not null group by 9)'
                using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, sample, ladder, scale;
            continue;
        end if;
        found_ := matching(texted, lowest is not null, highest is not null, viewed, ranges is not null);
        if apart[i] = 'stock' then
            return query execute 'select ''stock'', ''apart'', null::text, null::text, null::text, null::jsonb, null::uuid, null::text, null::bigint,
                count(*) filter (where m.available) * $11, null::bytea from (select d.available' || found_ || sliced_ || ' limit $10) m'
                using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, sample, scale;
            continue;
        end if;
        return query execute 'select ''apart:'' || v.kind, v.code, v.slug, v.name, v.title, v.names, null::uuid, null::text, row_number() over (order by c.c desc, v.slug), c.c * $13, null::bytea
            from (select u.number, count(*) as c from (select d.facets' || found_ || sliced_ || ' limit $10) m, unnest(m.facets) u (number) group by u.number) c
            join facet_values v on v.number = c.number and v.generation = $2 and v.tenant_id = $1
            where v.kind = split_part($11, '':'', 1) and v.code = split_part($11, '':'', 2) order by c.c desc, v.slug limit $12'
            using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, sample, apart[i], most, scale;
    end loop;
    if rough then
        kind := 'rough'; sort_key := null; n := null;
        return next;
    end if;

    if seen = 0 and cardinality(words) > 0 then
        return query select 'word', f.asked, f.meant, null::text, null::text, null::jsonb, null::uuid, null::text, null::bigint, null::bigint, null::bytea
            from find_words(words, forms, endings, open, typo_keys, part_keys, languages, tenant, gen) f;
    end if;
end $$;
$source$]
    loop
        source := replace(replace(source, '{ranked}', ranked), '{titled}', titled);
        execute replace(replace(replace(replace(source, '{words}', words), '{mine}', mine), '{priced}', priced), '{standing}', standing);
    end loop;
end $migration$;
-- +goose StatementEnd

-- +goose StatementBegin
do $$
declare
    reader text := current_schema() || '_reader';
    f      regprocedure;
begin
    execute format('grant create on schema %I to %I', current_schema(), reader);
    for f in select p.oid from pg_proc p where p.pronamespace = current_schema()::regnamespace and p.proname in ('find') loop
        execute format('revoke execute on function %s from public', f);
        execute format('alter function %s owner to %I', f, reader);
    end loop;
    execute format('revoke create on schema %I from %I', current_schema(), reader);
end $$;
-- +goose StatementEnd
