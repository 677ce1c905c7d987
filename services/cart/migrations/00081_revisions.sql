-- +goose Up

-- The revision of the product that the line was filled from, in the market of its cart: as long as the product has none newer,
-- the catalogue would say of the line what it holds. 0 when it may say something else.
alter table cart_lines add column revision bigint not null default 0;
