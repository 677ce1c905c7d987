-- +goose Up
-- What one unit of a bundle takes from stock instead of the variant itself: [{"variantId", "quantity"}].
alter table cart_lines add column components jsonb not null default '[]';
