-- +goose Up
-- What stands in the category or below it is sold by weight, volume, length or area, and needs a unit price
-- (Directive 98/6/EC, Art. 3).
alter table categories add column sold_by_measure boolean not null default false;
create index categories_measured on categories (tenant_id) where sold_by_measure;
