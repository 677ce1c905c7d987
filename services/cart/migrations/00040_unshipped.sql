-- +goose Up
-- Nothing of the line is shipped: it is a file or a service, or a bundle of such, as the catalogue said when it was priced.
alter table cart_lines add column unshipped boolean not null default false;
