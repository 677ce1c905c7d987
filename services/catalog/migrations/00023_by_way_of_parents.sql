-- +goose Up

-- What hangs below a product reaches its tenant by way of the product (see the base schema): a check of its own for each row
-- says nothing more, and locks the one row of the tenant. Of a product with two variants that were fifteen checks.
alter table product_options drop constraint if exists product_options_tenant_id_fkey;
alter table product_option_values drop constraint if exists product_option_values_tenant_id_fkey;
alter table variants drop constraint if exists variants_tenant_id_fkey;
alter table variant_option_values drop constraint if exists variant_option_values_tenant_id_fkey;
alter table product_images drop constraint if exists product_images_tenant_id_fkey;
alter table product_categories drop constraint if exists product_categories_tenant_id_fkey;
alter table product_tags drop constraint if exists product_tags_tenant_id_fkey;
-- Its rows are made from products, by triggers alone.
alter table product_listing drop constraint if exists product_listing_tenant_id_fkey;
