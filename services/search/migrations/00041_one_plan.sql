-- +goose Up

-- What find asks is written so that one plan fits all. Left to itself PostgreSQL plans each time where what was asked first
-- was rare, which takes longer than to find.
alter function find(text,text,text,text,text,text[],text,bigint,bigint,text,text[],jsonb,text,bigint,uuid,bigint,integer,integer,uuid[],uuid[],text[],text[],integer,integer,integer,integer,integer,bigint[],text[],text[],text[],boolean,text[],text[],text[],integer[])
    set plan_cache_mode = force_generic_plan;
