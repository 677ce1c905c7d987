-- +goose Up

-- The revision of the product that the line was filled from: as long as the product has none newer, the catalogue says of the line
-- what it holds. 0 when nobody knows.
alter table cart_lines add column revision bigint not null default 0;
