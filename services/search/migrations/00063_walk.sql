-- +goose Up

-- A page has some twenty products, and not the thousand that a function is taken to give: then their texts are looked up, and
-- not read of all products.
alter function walk rows 20;
