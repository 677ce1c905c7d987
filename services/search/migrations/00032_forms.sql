-- +goose Up

-- Documents are found from here on by more ways to write their words: they are made again, beside those that are searched.
alter table indexes no force row level security; -- of all tenants
update indexes set wanted = true;
alter table indexes force row level security;
