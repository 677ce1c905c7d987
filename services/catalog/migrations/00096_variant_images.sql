-- +goose Up

-- The picture that shows one variant: one of its product's. Pictures are replaced by deleting and inserting them, so it is
-- looked at when the transaction ends.
alter table variants
    add column image_id uuid,
    add constraint variants_image foreign key (tenant_id, product_id, image_id)
        references product_images (tenant_id, product_id, media_id) deferrable initially deferred;
create index variants_image on variants (product_id, image_id, tenant_id) where image_id is not null;

-- Of a picture that is still to be fetched: the variants it will show.
alter table job_pictures add column variant_ids uuid[];
