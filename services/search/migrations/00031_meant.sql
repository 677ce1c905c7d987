-- +goose Up

-- +goose StatementBegin
do $$ begin execute format('grant create on schema %I to %I', current_schema(), current_schema() || '_reader'); end $$;
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
        continue when typo_keys[i] = '' or (select count(*) from (select from documents d where d.words @@ (forms[i]::tsquery && own) limit few) x) >= few;
        return query with near as materialized (select l.tenant_id, l.generation, l.language, l.word, l.stem from lexicon l
                where l.keys && string_to_array(typo_keys[i], ' '))
            select distinct words[i], n.word from near n
            where n.tenant_id = tenant and n.generation = gen and n.language = any(languages) and not n.stem and n.word <> words[i]
                and (select count(*) from (select from documents d where d.words @@ (quote_literal(n.word)::tsquery && own) limit many) x) >= many;
    end loop;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
do $$
declare
    reader text := current_schema() || '_reader';
begin
    revoke execute on function meant_words(text[], text[], text[], text[], text, integer, integer) from public;
    execute format('alter function meant_words(text[], text[], text[], text[], text, integer, integer) owner to %I', reader);
    execute format('revoke create on schema %I from %I', current_schema(), reader);
end $$;
-- +goose StatementEnd
