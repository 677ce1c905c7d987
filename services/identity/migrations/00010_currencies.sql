-- +goose Up
-- What the shop sells in besides its default currency.
alter table settings add column currencies text[] not null default '{}';
