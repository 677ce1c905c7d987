-- +goose Up
-- What an order's prices were told for, and the language of its titles; empty when nobody said.
alter table orders
    add column country text not null default '',
    add column channel text not null default '',
    add column locale  text not null default '';
