-- +goose Up
-- Codes of the customer groups whose prices the cart has: those its owner was in when they last changed it.
alter table carts add column customer_groups text[] not null default '{}';
