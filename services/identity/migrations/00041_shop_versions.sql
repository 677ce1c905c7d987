-- +goose Up
-- Counts what is announced of a shop itself: 1 was its opening.
alter table shops add column version bigint not null default 1;
