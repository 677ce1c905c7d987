-- +goose Up

-- What was said of the picture of what was bought, in the language of the order.
alter table order_items add column picture jsonb;
