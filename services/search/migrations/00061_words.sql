-- +goose Up

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
                where d.words @@ quote_literal('/' || left(v.kind, 1) || '//' || replace(v.slug, '\', '\\'))::tsquery and d.words @@ scope(gen, locale)::tsquery)
        order by strpos(v.name_key, E'\n' || prefix) = 0, v.kind = 'tag', v.kind = 'brand', length(v.name), v.slug limit most;
end $$;
-- +goose StatementEnd

-- Of words that fewer than few documents have in any of their forms, those they may be meant to be and that many have:
-- rows of (asked, meant).
-- Forms are what find looks for in their stead, in the syntax of tsquery. Words without keys are taken as they are.
-- +goose StatementBegin
create function meant_words(words text[], forms text[], typo_keys text[], languages text[], locale text, few integer, many integer)
    returns table (asked text, meant text)
    language plpgsql stable security definer set search_path from current set enable_seqscan = off set jit = off
    as $$
declare
    tenant uuid := current_tenant();
    gen    bigint;
    own    tsquery;
    i      integer;
begin
    select x.live into gen from indexes x where x.tenant_id = tenant;
    own := scope(gen, locale)::tsquery;
    for i in 1 .. cardinality(words) loop
        continue when typo_keys[i] = '' or (select count(*) from (select from documents d where d.words @@ forms[i]::tsquery and d.words @@ own limit few) x) >= few;
        return query with near as materialized (select l.tenant_id, l.generation, l.language, l.word, l.stem from lexicon l
                where l.keys && string_to_array(typo_keys[i], ' '))
            select distinct words[i], n.word from near n
            where n.tenant_id = tenant and n.generation = gen and n.language = any(languages) and not n.stem and n.word <> words[i]
                and (select count(*) from (select from documents d where d.words @@ quote_literal(n.word)::tsquery and d.words @@ own limit many) x) >= many;
    end loop;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
do $$
declare
    reader text := current_schema() || '_reader';
    f      regprocedure;
begin
    execute format('grant create on schema %I to %I', current_schema(), reader);
    for f in select p.oid from pg_proc p where p.pronamespace = current_schema()::regnamespace and p.proname in ('named', 'meant_words') loop
        execute format('revoke execute on function %s from public', f);
        execute format('alter function %s owner to %I', f, reader);
    end loop;
    execute format('revoke create on schema %I from %I', current_schema(), reader);
end $$;
-- +goose StatementEnd
