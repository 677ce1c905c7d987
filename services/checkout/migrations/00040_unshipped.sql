-- +goose Up
-- Nothing of the line is shipped: it is a file or a service, or a bundle of such.
alter table order_items add column unshipped boolean not null default false;
