-- +goose Up

-- Slices grow by 4 from here on, where they are large, and not by 8: what is looked at for an answer is at most four times
-- as much as it has to be. The smallest, 5, has one document in 4096; with 4 it is one in 512, with 3 one in 64, with 2 one
-- in 16, with 1 one in 4, and 0 has the rest.
-- +goose StatementBegin
create or replace function slice_of(product uuid) returns smallint
    language sql immutable parallel safe
    as $$
select case when h & 4095 = 0 then 5 when h & 511 = 0 then 4 when h & 63 = 0 then 3 when h & 15 = 0 then 2 when h & 3 = 0 then 1 else 0 end::smallint
from (select ('x' || substr(md5(product::text), 1, 4))::bit(16)::integer as h) x
$$;
-- +goose StatementEnd

-- Prices as lexemes, so that an index of words knows them: sixteen steps from each power of two to the next (below 16, each
-- amount is one), and all of those together. Integers only, so that a price is always on the same step.
-- +goose StatementBegin
create function step_of(price bigint) returns integer
    language sql immutable parallel safe
    as $$
select case when price < 16 then greatest(price, 0)::integer
    else (b - 3) * 16 + ((price >> (b - 4)) & 15)::integer end
from (select 64 - position('1' in price::bit(64)::text) as b) x
$$;
-- +goose StatementEnd
-- +goose StatementBegin
create function steps(prices bigint[]) returns tsvector
    language sql immutable parallel safe
    as $$
select array_to_tsvector(array(select distinct l from unnest(prices) p cross join lateral (select step_of(p) as s) x
    cross join lateral (values ('/p/' || x.s), ('/p//' || x.s / 16)) y (l)))
$$;
-- +goose StatementEnd

-- The steps from one price to another, any of which something with a price between them has, in the syntax of tsquery: null
-- when they are all steps, or more than most.
-- +goose StatementBegin
create function steps_between(lowest bigint, highest bigint, most integer) returns text
    language plpgsql immutable parallel safe
    as $$
declare
    low  integer := step_of(coalesce(lowest, 0));
    high integer := step_of(coalesce(highest, 9223372036854775807));
    from_ integer := (low + 15) / 16; -- the first power of two that is in it whole …
    till  integer := (high + 1) / 16; -- … and the first behind those
    all_  text[];
begin
    if lowest is null and highest is null or low > high then
        return null;
    end if;
    if from_ < till then
        all_ := array(select '/p/' || s from generate_series(low, from_ * 16 - 1) s union all select '/p//' || s from generate_series(from_, till - 1) s
            union all select '/p/' || s from generate_series(till * 16, high) s);
    else
        all_ := array(select '/p/' || s from generate_series(low, high) s);
    end if;
    if cardinality(all_) > most then
        return null;
    end if;
    return '(' || array_to_string(array(select quote_literal(x) from unnest(all_) x), ' | ') || ')';
end $$;
-- +goose StatementEnd

alter table documents rename to unsliced;
alter table unsliced no force row level security; -- the owner copies the documents of all tenants
alter index documents_pkey rename to unsliced_pkey;
drop index documents_0_words, documents_1_words, documents_2_words, documents_3_words, documents_4_words, documents_newest, documents_price, documents_price_desc, documents_hash;
alter table documents_0 rename to unsliced_0;
alter table documents_1 rename to unsliced_1;
alter table documents_2 rename to unsliced_2;
alter table documents_3 rename to unsliced_3;
alter table documents_4 rename to unsliced_4;
alter index documents_0_pkey rename to unsliced_0_pkey;
alter index documents_1_pkey rename to unsliced_1_pkey;
alter index documents_2_pkey rename to unsliced_2_pkey;
alter index documents_3_pkey rename to unsliced_3_pkey;
alter index documents_4_pkey rename to unsliced_4_pkey;
create table documents (
    product_id     uuid     not null,
    edition        text     not null default '' collate "C", -- language of the texts; '' is the shop's own
    generation     bigint   not null,
    tenant_id      uuid     not null default current_tenant() references tenants (id),
    slice          smallint not null, -- slice_of(product_id)
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
    primary key (product_id, edition, generation, tenant_id, slice)
) partition by list (slice);
create table documents_0 partition of documents for values in (0);
create table documents_1 partition of documents for values in (1);
create table documents_2 partition of documents for values in (2);
create table documents_3 partition of documents for values in (3);
create table documents_4 partition of documents for values in (4);
create table documents_5 partition of documents for values in (5);
insert into documents (product_id, edition, generation, tenant_id, slice, removed, from_page, words, title_words, covers, facets, refs,
        currency, prices, offers, numbers, min_price, max_price, available, hash_high, hash_low, by_newest, by_price, by_price_desc)
    select product_id, edition, generation, tenant_id, slice_of(product_id), removed, from_page, words || steps(prices), title_words, covers, facets, refs,
        currency, prices, offers, numbers, min_price, max_price, available, hash_high, hash_low, by_newest, by_price, by_price_desc
    from unsliced;
drop table unsliced;
-- Every search reads what waits to be merged into the index, so that is kept short, the shorter the more often a slice is
-- searched; in the smallest, to which little is written, nothing waits. What does not wait is written one document after the
-- other, which takes three times as long.
create index documents_0_words on documents_0 using gin (words) with (gin_pending_list_limit = 1024);
create index documents_1_words on documents_1 using gin (words) with (gin_pending_list_limit = 64);
create index documents_2_words on documents_2 using gin (words) with (gin_pending_list_limit = 64);
create index documents_3_words on documents_3 using gin (words) with (fastupdate = off);
create index documents_4_words on documents_4 using gin (words) with (fastupdate = off);
create index documents_5_words on documents_5 using gin (words) with (fastupdate = off);
create index documents_newest on documents (generation, by_newest, product_id, tenant_id);
create index documents_price on documents (generation, by_price, product_id, tenant_id);
create index documents_price_desc on documents (generation, by_price_desc, product_id, tenant_id);
create index documents_hash on documents (generation, tenant_id) include (edition, hash_high, hash_low) where not removed;
call protect('documents');
call protect('documents_0');
call protect('documents_1');
call protect('documents_2');
call protect('documents_3');
call protect('documents_4');
call protect('documents_5');

-- Puts what waits into the indexes of words: only their owner may.
-- +goose StatementBegin
create procedure merge_words()
    language sql security definer set search_path from current
    as $$
select gin_clean_pending_list('documents_0_words'), gin_clean_pending_list('documents_1_words'), gin_clean_pending_list('documents_2_words');
$$;
-- +goose StatementEnd

-- Texts and words hang below documents, which know that there is such a shop: each check of it is a lock on the shop's one row.
alter table bodies drop constraint bodies_tenant_id_fkey;
alter table lexicon drop constraint lexicon_tenant_id_fkey;

-- What is carried over keeps being searched; shops are rebuilt beside it.
alter table indexes no force row level security; -- of all tenants
update indexes set wanted = true;
alter table indexes force row level security;

-- The condition shared by all that is looked for. It is put together from constants only; values travel as parameters:
-- $1 tenant, $2 generation, $3 text, $4 locale, $5 and $6 price, $7 currency, $8 views, $9 ranges. The scope of a text
-- says the tenant, generation and language by itself, and a tombstone has no words.
-- +goose StatementBegin
create or replace function matching(has_text boolean, has_low boolean, has_high boolean, viewed boolean, ranged boolean) returns text
    language sql immutable parallel safe
    as $$
select ' from documents d'
    || case when viewed then ' cross join lateral (select offered(d.offers, d.currency, d.prices, $7, $8) as a) o' else '' end
    || case when has_text then ' where d.words @@ $3'
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

drop function counted(tsquery, integer, bigint, bigint, bigint);
drop function sampled(tsquery, bigint, bigint, integer);
-- How many documents of a slice match; counting ends when there are enough. Where what is asked for is not scoped itself, the
-- documents say whose they are.
-- +goose StatementBegin
create function counted(asked tsquery, which integer, lowest bigint, highest bigint, enough bigint, scoped boolean, gen bigint, tenant uuid, locale text) returns bigint
    language plpgsql stable
    as $$
begin
    return (select count(*) from (select from documents d where d.words @@ asked and d.slice = which
        and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale])
        and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
        and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) p where p between lowest and highest)) limit enough) x);
end $$;
-- +goose StatementEnd

-- The slice from which on there are about enough matches to stand for all; 0 when all have to be looked at. The last slice
-- that could be is not asked itself: the smaller ones tell, sooner.
-- +goose StatementBegin
create function sampled(asked tsquery, lowest bigint, highest bigint, enough integer, scoped boolean, gen bigint, tenant uuid, locale text) returns integer
    language plpgsql stable
    as $$
declare
    have    bigint := 0;
    larger  integer[] := array[4, 4, 4, 8, 8]; -- how many times more a slice and all smaller ones have than those
begin
    for i in reverse 5 .. 2 loop
        have := have + counted(asked, i, lowest, highest, enough, scoped, gen, tenant, locale);
        if have >= enough then
            return i;
        elsif have * larger[i] >= enough then
            return i - 1;
        end if;
    end loop;
    return 0;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
do $$
declare
    reader text := current_schema() || '_reader';
begin
    execute format('grant create on schema %I to %I', current_schema(), reader);
    execute format('grant select on documents to %I', reader);
    execute format('create policy reader on documents for select to %I using (true)', reader);
end $$;
-- +goose StatementEnd

drop function find(text,text,text,text,text,text[],text,bigint,bigint,text,text[],jsonb,text,bigint,uuid,bigint,integer,integer,uuid[],uuid[],text[],text[],integer,integer,integer,integer,integer,bigint[],text[],text[],text[],boolean,text[],text[],text[]);

-- One page, how many match, and what could narrow them. Rows of a kind each:
--
--	hit     a product of the page: product, edition, sort_key, body
--	total   n documents match
--	sample  n of them were looked at to count the rest
--	stock   n of those can be bought
--	low     the lowest price seen, high the highest; bucket: n products whose lowest price lies in step sort_key of the ladder
--	facet   a value: code of an attribute, number of its kind in name_of, n documents
--	rough   what is counted apart is projected
--	base    the slice from which on documents are counted; sort_key of what is counted apart
--	word    when nothing matches: what a word was meant to be, code → slug
--
-- When enough documents match in the small slices, only those there are counted and ranked, unless the page needs more;
-- in a shop of a few thousand products all are, up to sample. Matching a text costs far more than the planner thinks, which
-- would read all of a slice instead of its index: hence cpu_operator_cost. What is counted apart, each with a condition of
-- its own in others, replaces what is counted of that kind. reach is how many documents the list has up to the end of the
-- page. bases are the slices that were told for the same a moment ago: then they need not be found out again.
--
-- Every document has the lexeme of its scope, and walking through those costs as much as through the words themselves. When
-- there is no other shop and no other generation, hardly a document is of another scope, and those are left out one by one.
-- +goose StatementBegin
create function find(match text, titled text, hinted text, exacted text, ranks text, suffixes text[], locale text,
    lowest bigint, highest bigint, currency text, views text[], ranges jsonb,
    sort text, after_key bigint, after_product uuid, skip bigint, size integer, reach integer, pinned uuid[], buried uuid[],
    apart text[], others text[], most integer, sample integer, enough integer, ranked integer, countable integer, ladder bigint[],
    words text[], forms text[], endings text[], open boolean, typo_keys text[], part_keys text[], languages text[], bases integer[])
    returns table (kind text, code text, slug text, name text, title text, names jsonb, product uuid, edition text, sort_key bigint, n bigint, body bytea)
    language plpgsql stable security definer set search_path from current set jit = off set enable_seqscan = off set cpu_operator_cost = 0.1
    as $$
#variable_conflict use_column
declare
    tenant   uuid := current_tenant();
    gen      bigint;
    own      tsquery;
    terms    tsquery;
    titles   tsquery;
    hints    tsquery;
    exacts   tsquery;
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
    sliced_  text;
    few      boolean;    -- that match, so that all of them are put in order
    told     boolean := false; -- how many match
    begun    text[];
    large    boolean;    -- there are documents enough to look at some slices only
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
    span_    text;
    around_  tsquery;
    done_    boolean := false; -- the page is found among the steps of prices
    lone     boolean;
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
    if match <> '' then
        terms := match::tsquery;
        terms := case when scoped then terms && own else terms end;
        terms := case when narrow <> '' then terms && narrow::tsquery else terms end;
    end if;
    if titled <> '' then
        titles := titled::tsquery;
        titles := case when scoped then titles && own else titles end;
        titles := case when narrow <> '' then titles && narrow::tsquery else titles end;
        hints := hinted::tsquery;
    end if;
    if exacted <> '' then
        exacts := exacted::tsquery;
        exacts := case when scoped then exacts && own else exacts end;
    end if;
    base := bases[1];
    if base is null or cardinality(apart) > 0 and bases[cardinality(apart) + 1] is null then
        large := counted(own, 4, null, null, 12, true, null, null, null) >= 12;
    end if;
    if base is null and large and ranges is null and not (viewed and (lowest is not null or highest is not null)) then
        base := sampled(coalesce(terms, own), lowest, highest, enough, scoped or terms is null, gen, tenant, locale);
    end if;
    base := coalesce(base, 0);
    byprice := plain and base > 0 and sort in ('price', 'price_desc') and abs(coalesce(after_key, 0)) < 9000000000000000000;
    found_ := matching(terms is not null, lowest is not null, highest is not null, viewed, ranges is not null);
    columns_ := case when viewed then 'o.a[1] as low, o.a[cardinality(o.a)] as high' else 'd.min_price as low, d.max_price as high' end;
    order_ := case sort when 'price' then 'd.by_price' when 'price_desc' then 'd.by_price_desc' else 'd.by_newest' end;
    key_ := case
        when sort = 'relevance' and ranking is not null then 'standing(d.words, d.title_words, d.slice, $12, $23, $13, $22, ' || base || ')'
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

    if base > 0 and exacts is not null and relevant and not exists (select from documents d where d.words @@ exacts and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale])) then
        exacts := null;
    end if;
    if plain and cardinality(pinned) = 0 and not (relevant and base > 0 and exacts is not null) then
        done := true;
        for r in with g as materialized (
                select d.product_id, d.edition, d.facets, d.available, d.min_price as low, d.max_price as high,
                    case when relevant then standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base)
                        when sort = 'price' then d.by_price when sort = 'price_desc' then d.by_price_desc end as k
                from documents d where d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice >= base and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest)) limit sample),
            m as (select g.product_id, g.edition, case when g.product_id = any(buried) then 4000000000000000000 + g.k else g.k end as k from g where relevant),
            page as (select m.product_id, m.edition, m.k from m
                where after_key is null or (m.k, m.product_id) > (after_key, after_product) order by m.k, m.product_id offset skip limit size),
            counts as (select f.number, count(*) as c from g, unnest(g.facets) f (number) group by f.number),
            best as (select v.*, c.c, row_number() over (partition by v.kind, v.code order by c.c desc, v.slug) as place
                from counts c join facet_values v on v.number = c.number and v.generation = gen and v.tenant_id = tenant where most > 0)
            select x.kind, null as code, null as slug, null as name, null as title, null::jsonb as names, null::uuid as product, null as edition, s.first as sort_key, x.n, null::bytea as body
                from (select count(*) as total, count(*) filter (where g.available) as stock, min(g.low) as low, max(g.high) as high,
                    count(*) filter (where titles is null or g.k < 2000000000000) as first from g) s
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
        if titles is not null then
            tops := 6;
            while have < reach and tops > 0 loop
                tops := tops - 1;
                have := have + counted(titles, tops, lowest, highest, reach, scoped, gen, tenant, locale);
            end loop;
            tops := least(tops, base);
        end if;
        if have < reach then
            lower := 6;
            have := 0;
            while have < reach and lower > 0 loop
                lower := lower - 1;
                have := have + counted(terms, lower, lowest, highest, reach, scoped, gen, tenant, locale);
            end loop;
            lower := least(lower, base);
        end if;
    end if;

    if done then
        null;
    elsif plain and relevant then
        for r in with g as materialized (
                select d.product_id, d.edition, d.facets, d.available, d.min_price as low, d.max_price as high, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice >= base and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest)) limit sample),
            -- One slice after the other, so that the end of what is ranked is always the same.
            l as (select x.product_id, x.edition, x.k from (
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where lower < base and d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 5 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))
                union all
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where lower < base and d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 4 and lower <= 4 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))
                union all
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where lower < base and d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 3 and lower <= 3 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))
                union all
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where lower < base and d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 2 and lower <= 2 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))
                union all
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where lower < base and d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 1 and lower <= 1 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))
                union all
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where lower < base and d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 0 and lower <= 0 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))) x limit sample),
            t as (select x.product_id, x.edition, x.k from (
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where (tops < base or (select count(*) from g) >= sample) and d.words @@ titles and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 5 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))
                union all
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where (tops < base or (select count(*) from g) >= sample) and d.words @@ titles and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 4 and tops <= 4 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))
                union all
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where (tops < base or (select count(*) from g) >= sample) and d.words @@ titles and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 3 and tops <= 3 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))
                union all
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where (tops < base or (select count(*) from g) >= sample) and d.words @@ titles and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 2 and tops <= 2 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))
                union all
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where (tops < base or (select count(*) from g) >= sample) and d.words @@ titles and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 1 and tops <= 1 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))
                union all
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where (tops < base or (select count(*) from g) >= sample) and d.words @@ titles and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice = 0 and tops <= 0 and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))) x limit ranked),
            e as (
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where (base > 0 or (select count(*) from g) >= sample) and d.words @@ exacts and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and (d.words @@ terms) is true and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest)) limit ranked),
            p as (
                select d.product_id, d.edition, standing(d.words, d.title_words, d.slice, ranking, exacts, titles, hints, base) as k
                from documents d where d.product_id = any(pinned) and d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale] and (d.words @@ terms) is true and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest)
                    and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))),
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
                || case when terms is null then ' order by d.by_newest, d.product_id' else '' end || ' limit $14)'
            || case when lower < base then
                ', l as (select * from (' || (select string_agg(columns_ || found_ || ' and d.slice = ' || s, ' union all ' order by s desc)
                    from generate_series(lower, 5) s) || ') x limit $14)' else '' end
            || case when titles is not null and sort = 'relevance' then
                ', t as (select * from (' || (select string_agg(columns_ || replace(found_, '$3', '$13') || ' and d.slice = ' || s
                        || case when tops < base then '' else ' and (select count(*) from g) >= $14' end, ' union all ' order by s desc)
                    from generate_series(tops, 5) s) || ') x limit $21)' else '' end
            || case when exacts is not null and terms is not null and sort = 'relevance' then
                ', e as (' || columns_ || replace(found_, '$3', '$23') || ' and (d.words @@ $3) is true'
                    || case when base > 0 then '' else ' and (select count(*) from g) >= $14' end || ' limit $21)' else '' end
            || case when cardinality(pinned) > 0 then
                ', p as (' || columns_ || found_ || ' and d.product_id = any($10))' else '' end
            || ', m as (select product_id, edition, k from g'
            || case when lower < base then ' union select product_id, edition, k from l' else '' end
            || case when titles is not null and sort = 'relevance' then ' union select product_id, edition, k from t' else '' end
            || case when exacts is not null and terms is not null and sort = 'relevance' then ' union select product_id, edition, k from e' else '' end
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
                after_key, after_product, skip, size, ladder, most, ranked, hints, exacts
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
        -- The nearest of those looked at tell up to which price there are about twice as many as the page needs; the index knows
        -- which of the documents up to there have the words. When they are too few after all, it is asked for four times as many.
        wanted := 2 * (skip + size);
        if byprice then
            nearest := coalesce(after_key, case sort
                when 'price' then (select d.by_price from documents d where d.generation = gen and d.tenant_id = tenant order by d.by_price limit 1)
                else (select d.by_price_desc from documents d where d.generation = gen and d.tenant_id = tenant order by d.by_price_desc limit 1) end);
        end if;
        while byprice and not done_ loop
            farther := wanted / scales[base + 1] + 4;
            pivot := (select min(x.k) from (select v.k::bigint as k from jsonb_array_elements_text(keys) v (k)
                where after_key is null or v.k::bigint >= after_key order by 1 offset farther - 1) x);
            exit when pivot is null or abs(pivot) > 9000000000000000000;
            pivot := nearest + ((pivot - nearest)::float8 * wanted / (farther * scales[base + 1]))::bigint;
            span_ := case when sort = 'price' then steps_between(nearest, pivot, 48) else steps_between(-pivot, -nearest, 48) end;
            exit when span_ is null;
            around_ := terms && span_::tsquery;
            for r in with a as materialized (select d.product_id, d.edition, case sort when 'price' then d.by_price else d.by_price_desc end as k
                    from documents d where d.words @@ around_ and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale])
                        and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest) and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))),
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
                    from documents d where d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest) and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest))),
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
                from walk(marked, tenant, gen, case when scoped then terms else terms && own end, locale, lowest, highest, currency, views, ranges, pinned, buried, after_key, after_product, skip, size) p
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
    elsif base > 0 and (seen * scales[base + 1] >= countable * 9 / 10 or counted(own, 4, null, null, 350, true, null, null, null) = 350) then
        -- More than are counted, or of so many documents that counting takes longer than all the rest.
        n := seen * scales[base + 1];
        code := 'about';
    elsif plain then
        n := (select count(*) from (select from documents d where d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest) and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest)) limit countable) x);
    else
        execute 'select count(*) from (select ' || found_ || ' limit $10) x'
            into n using tenant, gen, terms, locale, lowest, highest, currency, views, ranges, countable;
    end if;
    if not told then
        return next;
    end if;
    code := null;

    if bases[1] is null then
        kind := 'base'; sort_key := 0; n := base;
        return next;
    end if;
    -- What has a choice of its own is counted as if there were none.
    for i in 1 .. cardinality(apart) loop
        lone := not scoped and apart[i] <> 'stock';
        terms := case when others[i] = '' then null when lone then others[i]::tsquery else others[i]::tsquery && own end;
        terms := case when narrow <> '' and apart[i] <> 'price' then terms && narrow::tsquery else terms end;
        base := bases[i + 1];
        if base is null and large and ranges is null and not (viewed and apart[i] <> 'price' and (lowest is not null or highest is not null)) then
            base := sampled(coalesce(terms, own), case when apart[i] <> 'price' then lowest end, case when apart[i] <> 'price' then highest end, enough / 2,
                not lone or terms is null, gen, tenant, locale);
        end if;
        base := coalesce(base, 0);
        if bases[i + 1] is null then
            kind := 'base'; sort_key := i; n := base;
            return next;
        end if;
        scale := scales[base + 1];
        rough := rough or base > 0;
        sliced_ := ' and d.slice >= ' || base;
        -- The same as below, planned once.
        if plain and terms is not null and apart[i] = 'price' then
            return query with g as materialized (select d.min_price as low, d.max_price as high from documents d
                    where d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice >= base limit sample)
                select x.kind, 'apart', null::text, null::text, null::text, null::jsonb, null::uuid, null::text, null::bigint, x.n, null::bytea
                    from (select count(*) as total, min(g.low) as low, max(g.high) as high from g) s
                    cross join lateral (values ('sample', s.total * scale), ('low', s.low), ('high', s.high)) x (kind, n)
                union all (select 'bucket', 'apart', null, null, null, null, null, null, width_bucket(g.low, ladder), count(*) * scale, null
                    from g where g.low is not null group by 9);
            continue;
        elsif plain and terms is not null and apart[i] <> 'stock' then
            return query select 'apart:' || v.kind, v.code, v.slug, v.name, v.title, v.names, null::uuid, null::text, row_number() over (order by c.c desc, v.slug), c.c * scale, null::bytea
                from (select u.number, count(*) as c from (select d.facets from documents d where d.words @@ terms and (scoped or d.generation = gen and d.tenant_id = tenant and d.covers @> array[locale]) and d.slice >= base and (lowest is null or d.max_price >= lowest) and (highest is null or d.min_price <= highest) and (lowest is null or highest is null or d.min_price >= lowest or d.max_price <= highest or exists (select from unnest(d.prices) x where x between lowest and highest)) limit sample) m,
                    unnest(m.facets) u (number) group by u.number) c
                join facet_values v on v.number = c.number and v.generation = gen and v.tenant_id = tenant
                where v.kind = split_part(apart[i], ':', 1) and v.code = split_part(apart[i], ':', 2) order by c.c desc, v.slug limit most;
            continue;
        end if;
        if apart[i] = 'price' then
            found_ := matching(terms is not null, false, false, viewed, ranges is not null);
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
        found_ := matching(terms is not null, lowest is not null, highest is not null, viewed, ranges is not null);
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
-- +goose StatementEnd

-- +goose StatementBegin
do $$
declare
    reader text := current_schema() || '_reader';
    f      regprocedure;
begin
    foreach f in array array[
        'find(text,text,text,text,text,text[],text,bigint,bigint,text,text[],jsonb,text,bigint,uuid,bigint,integer,integer,uuid[],uuid[],text[],text[],integer,integer,integer,integer,integer,bigint[],text[],text[],text[],boolean,text[],text[],text[],integer[])'::regprocedure]
    loop
        execute format('revoke execute on function %s from public', f);
        execute format('alter function %s owner to %I', f, reader);
    end loop;
    execute format('revoke create on schema %I from %I', current_schema(), reader);
end $$;
-- +goose StatementEnd
