-- +goose Up

-- Which synonyms an engine outside was told; empty: none. Entries tell from here on which step of prices they are on, so
-- engines are fed anew.
alter table feeds add column told text not null default '';
alter table feeds no force row level security; -- of all tenants
update feeds set fed = 0, building = 0, after_id = null;
alter table feeds force row level security;
