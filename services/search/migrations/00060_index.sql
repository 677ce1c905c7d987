-- +goose Up

-- What is searched is made from the catalogue and can be made again: what an older release has left goes, and is filled anew.
-- +goose StatementBegin
do $$
declare
    f record;
begin
    for f in select p.oid::regprocedure as name, p.prokind as kind from pg_proc p where p.pronamespace = current_schema()::regnamespace
        and p.proname in ('find', 'find_words', 'meant_words', 'named', 'compounds', 'walk', 'counted', 'sampled', 'standing', 'parted', 'matching', 'offered',
            'within', 'scope', 'scoped', 'slice_of', 'step_of', 'steps', 'steps_between', 'merge_words')
    loop
        execute format('drop %s %s', case f.kind when 'p' then 'procedure' else 'function' end, f.name);
    end loop;
end $$;
-- +goose StatementEnd
drop table if exists documents, bodies, facet_values, lexicon;
alter table if exists indexes rename to former;
alter index if exists indexes_pkey rename to former_pkey;

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
    done        bigint  not null default 0, -- products the build has read
    default_locale text not null default '', -- language of the shop's own texts
    locales     text[], -- languages the live generation has documents for, as of its rebuild; null before the first
    check (building is null or (building <> live and building <= last))
);
-- No number of a generation is given out twice: engines outside name by it what they hold.
-- +goose StatementBegin
do $$ begin
    if to_regclass('former') is not null then
        alter table former no force row level security; -- of all tenants
        execute 'insert into indexes (tenant_id, live, last, wanted) select tenant_id, last + 1, last + 1, true from former';
        drop table former;
    end if;
end $$;
-- +goose StatementEnd
call protect('indexes', true);

-- Documents are dealt out into slices: the smallest, 5, has one in 4096; with 4 it is one in 512, with 3 one in 64, with 2 one
-- in 16, with 1 one in 4, and 0 has the rest. A slice is a table of its own, with an index of its own: what very many match is
-- ranked and counted in a few small slices, at a cost that does not grow with the shop. Which slice a product is in depends
-- on its id alone, so that slices are fair samples and a rebuild puts everything where it was.
-- +goose StatementBegin
create function slice_of(product uuid) returns smallint
    language sql immutable parallel safe
    as $$
select case when h & 4095 = 0 then 5 when h & 511 = 0 then 4 when h & 63 = 0 then 3 when h & 15 = 0 then 2 when h & 3 = 0 then 1 else 0 end::smallint
from (select ('x' || substr(md5(product::text), 1, 4))::bit(16)::integer as h) x
$$;
-- +goose StatementEnd

-- One row per published product, language it has texts of its own in, and generation. What most rows are looked at for comes
-- first.
create table documents (
    product_id     uuid     not null,
    generation     bigint   not null,
    tenant_id      uuid     not null default current_tenant() references tenants (id),
    min_price      bigint,
    max_price      bigint,
    -- Sort keys, all ascending, so that one comparison continues every list.
    by_newest      bigint   not null default 0,
    by_price       bigint   not null default 0,
    by_price_desc  bigint   not null default 0,
    hash_high      bigint   not null default 0, -- of all of the document, and of the body
    hash_low       bigint   not null default 0,
    slice          smallint not null, -- slice_of(product_id)
    title_words    smallint not null default 0,
    available      boolean  not null default false,
    removed        boolean  not null default false, -- a tombstone in a generation being built
    from_page      boolean  not null default false, -- written by a rebuild, and by no event since
    edition        text     not null default '' collate "C", -- language of the texts; '' is the shop's own
    covers         text[]   not null default '{}',  -- languages it is found in; '' is the shop's own
    facets         bigint[] not null default '{}',  -- what it is narrowed by, see facet_values
    words          tsvector not null default '',
    prices         bigint[] not null default '{}',  -- of its variants, in its currency, as everybody sees them; ascending
    currency       text,
    offers         jsonb,    -- the same by currency|country|channel|group, when there is more than one way to see them
    numbers        jsonb,    -- values of attributes that have an order
    refs           uuid[]   not null default '{}',  -- ids of its brand, categories, tags and attributes
    primary key (product_id, edition, generation, tenant_id, slice)
) partition by list (slice);
create table documents_0 partition of documents for values in (0);
create table documents_1 partition of documents for values in (1);
create table documents_2 partition of documents for values in (2);
create table documents_3 partition of documents for values in (3);
create table documents_4 partition of documents for values in (4);
create table documents_5 partition of documents for values in (5);
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

-- What documents can be narrowed by, and the ways prices are seen. The number is a hash of kind and id, with a last byte that
-- is the same for all of a kind: documents carry numbers, which are counted several times faster than names.
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
    names      jsonb,                      -- {locale: {slug, name, title}} where it is called otherwise
    primary key (number, generation, tenant_id)
);
call protect('facet_values');

-- What is shown of a document: apart, so that searching reads narrow rows. It and the words hang below documents, which know
-- that there is such a shop: each check of it is a lock on the shop's one row.
create table bodies (
    product_id uuid   not null,
    edition    text   not null collate "C",
    generation bigint not null,
    tenant_id  uuid   not null default current_tenant(),
    body       bytea  not null,
    primary key (product_id, edition, generation, tenant_id)
);
call protect('bodies');

-- The words of the documents, to find what a mistyped one was meant to be, and compounds by their end.
create table lexicon (
    word       text    collate "C" not null,
    language   text    collate "C" not null, -- of the titles of the documents that have it
    generation bigint  not null,
    tenant_id  uuid    not null default current_tenant(),
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

-- Operators such as @@ and && are not leakproof, so under row-level security they may not use an index. The functions that
-- search therefore belong to a role without login that sees every row and that nobody else is, and name the tenant themselves.
-- +goose StatementBegin
do $$
declare
    reader text := current_schema() || '_reader';
    t      text;
begin
    begin
        execute format('create role %I nologin noinherit', reader);
    exception when duplicate_object or unique_violation then
        null; -- roles belong to the whole cluster: another database has made it
    end;
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant %I to current_user', reader);
    end if;
    execute format('grant usage on schema %I to %I', current_schema(), reader);
    foreach t in array array['indexes', 'documents', 'bodies', 'facet_values', 'lexicon'] loop
        execute format('grant select on %I to %I', t, reader);
        execute format('create policy reader on %I for select to %I using (true)', t, reader);
    end loop;
end $$;
-- +goose StatementEnd

-- Puts what waits into the indexes of words: only their owner may.
-- +goose StatementBegin
create procedure merge_words()
    language sql security definer set search_path from current
    as $$
select gin_clean_pending_list('documents_0_words'), gin_clean_pending_list('documents_1_words'), gin_clean_pending_list('documents_2_words');
$$;
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

-- The prices somebody sees: those of the first view there is, of several in one the lowest, in the currency wanted, or in the
-- product's own when none is. Null when the product has none there.
-- +goose StatementBegin
create function offered(offers jsonb, own text, prices bigint[], wanted text, views text[]) returns bigint[]
    language sql immutable parallel safe
    as $$
select case when offers is null then case when wanted is null or wanted = own then prices end
    else (select array(select jsonb_array_elements_text(offers -> c.k)::bigint)
        from (select coalesce(wanted, own) || l.v as k, u.n from unnest(views) with ordinality u (v, n), unnest(string_to_array(u.v, E'\n')) l (v)) c
        where offers ? c.k order by c.n, (offers -> c.k ->> 0)::bigint limit 1) end
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

-- Prices as lexemes, so that an index of words knows them: 256 steps from each power of two to the next (below 256, each amount
-- is one), sixteen of those together, and sixteen of these. In a larger shop, the next cheapest are on fewer steps.
-- +goose StatementBegin
create function step_of(price bigint) returns integer
    language sql immutable parallel safe
    as $$
select case when price < 256 then greatest(price, 0)::integer
    else (b - 7) * 256 + ((price >> (b - 8)) & 255)::integer end
from (select 64 - position('1' in price::bit(64)::text) as b) x
$$;
-- +goose StatementEnd

-- Steps, any of which something with a price from one to another has, in the syntax of tsquery, and some things close by when
-- they would be more than most; null when they are still, or all.
-- +goose StatementBegin
create function steps_between(lowest bigint, highest bigint, most integer) returns text
    language plpgsql immutable parallel safe
    as $$
declare
    low   integer;
    high  integer;
    first integer; -- the first step of the next size that is in it whole …
    after integer; -- … and the first behind those
    all_  text;
    n     integer;
begin
    if lowest is null and highest is null or lowest > highest then
        return null;
    end if;
    for finest in 0 .. 2 loop
        low := step_of(coalesce(lowest, 0)) >> (4 * finest);
        high := step_of(coalesce(highest, 9223372036854775807)) >> (4 * finest);
        all_ := '';
        n := 0;
        for size in finest .. 2 loop
            first := (low + 15) / 16;
            after := (high + 1) / 16;
            if size = 2 or first >= after then -- the next size is too large
                n := n + high + 1 - low;
                exit when n > most;
                for s in low .. high loop
                    all_ := all_ || ' | ''/p/' || repeat('/', size) || s || '''';
                end loop;
                exit;
            end if;
            n := n + first * 16 - low + high + 1 - after * 16;
            exit when n > most;
            for s in low .. first * 16 - 1 loop
                all_ := all_ || ' | ''/p/' || repeat('/', size) || s || '''';
            end loop;
            for s in after * 16 .. high loop
                all_ := all_ || ' | ''/p/' || repeat('/', size) || s || '''';
            end loop;
            low := first;
            high := after - 1;
        end loop;
        if n <= most then
            return '(' || substr(all_, 4) || ')';
        end if;
    end loop;
    return null;
end $$;
-- +goose StatementEnd

-- What was copied to engines outside, and the rebuilds that ran, were of generations that are gone.
alter table feeds no force row level security; -- of all tenants
update feeds set fed = 0, building = 0, after_id = null;
alter table feeds force row level security;
alter table rebuilds no force row level security;
update rebuilds set status = 'replaced', finished_at = now() where status = 'running';
alter table rebuilds force row level security;
