-- +goose Up

-- Staff list products of every status, by title and by price. Lists of one status have indexes of their own. Products without a
-- price come last, whichever way.
create index products_all_title on products (tenant_id, title_key, id);
create index products_all_price on products (tenant_id, min_price, id);
create index products_all_price_desc on products (tenant_id, min_price desc nulls last, id desc);
