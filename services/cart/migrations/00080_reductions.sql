-- +goose Up

-- What the price of one unit is compared to and what it was before it was reduced; null when there is nothing to tell.
alter table cart_lines add column reduction jsonb;
