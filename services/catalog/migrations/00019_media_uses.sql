-- +goose Up

-- Where an asset of the media room is used.
create index product_images_media on product_images (media_id, tenant_id);
create index product_safety_images_media on product_safety_images (media_id, tenant_id);
create index product_facts_energy_image on product_facts (energy_image_id, tenant_id) where energy_image_id is not null;
create index variant_files_media on variant_files (media_id, tenant_id) where media_id is not null;
