-- +goose Up
-- An export has come to the bundles, which follow what they are made of.
alter table jobs add column bundles boolean not null default false;
