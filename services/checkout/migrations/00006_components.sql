-- +goose Up
-- What one unit of a bundle takes from stock instead of the variant itself: [{"variantId", "quantity"}].
alter table order_items add column components jsonb not null default '[]';
