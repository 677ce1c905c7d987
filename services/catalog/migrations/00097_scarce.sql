-- +goose Up

-- What few products of very many fulfil is found by an index, and not by walking through all: a brand, a price, what is sold
-- out, and words of a title in another language. All that is asked is in the index itself. (A coalesce would be taken for what
-- might leak rows of other tenants, and not be looked up.)
create index products_of_brand on products (tenant_id, brand_id) include (id) where brand_id is not null;
drop index products_by_brand;
create index variants_priced on variants (tenant_id, (case when price_now is null then price else price_now end)) include (product_id, price_now, price) where archived_at is null;
create index products_sold_out on products (tenant_id, created_at, id) where not available;
create index product_translations_title on product_translations (tenant_id, locale, title_key, product_id);
