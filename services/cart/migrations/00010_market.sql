-- +goose Up
-- Whose prices the cart has besides its currency: null is nobody's in particular. locale is the language of its titles,
-- locales where to look for them, the one wanted most first.
alter table carts
    add column country char(2),
    add column channel text,
    add column locale  text,
    add column locales text[] not null default '{}';
update carts set country = shipping_address ->> 'country' where status = 'active' and shipping_address is not null;

-- The countries for which price lists had a price of the line's own when it was priced: ["FR"].
alter table cart_lines add column countries jsonb not null default '[]';
