-- +goose Up

-- The smallest of the quantities bundles take of the variant at once that cannot be had, as inventory said; 0 when all can.
alter table variants add column short_of bigint not null default 0;
