-- +goose Up

-- What is said of a line's picture, in the language of its titles.
alter table cart_lines add column picture jsonb;
