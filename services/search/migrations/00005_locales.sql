-- +goose Up

-- Languages that the generation that is searched has documents for, as of its rebuild; null before the first. A language
-- that was added since is searched in the shop's own until the next rebuild, which follows at once.
alter table indexes add column locales text[];
