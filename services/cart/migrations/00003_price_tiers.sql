-- +goose Up

-- What a unit costs by quantity, as the catalogue said when the line was priced: [{"min_quantity", "unit_price"}], from
-- 1 on; empty when the price does not depend on the quantity.
alter table cart_lines add column tiers jsonb not null default '[]';
