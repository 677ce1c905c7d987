-- +goose Up

-- What a picture's own room says of it, beside the text in the shop's language. A text that is the product's own does not
-- follow that of the picture; of pictures that were linked before this, nobody knows, and theirs stay.
alter table product_images
    add column own_alt  boolean not null default true,
    add column alts     jsonb   not null default '{}', -- texts by language
    add column blurhash text    not null default '',
    add column focal_x  real    check (focal_x between 0 and 1), -- of the width, from the left
    add column focal_y  real    check (focal_y between 0 and 1), -- of the height, from the top
    add constraint product_images_focal check ((focal_x is null) = (focal_y is null));

-- What is said of pictures since they were changed: whoever links one that he read before knows better by this.
create table media_copies (
    media_id  uuid   not null,
    tenant_id uuid   not null default current_tenant() references tenants (id),
    version   bigint not null, -- of the asset
    doc       bytea  not null, -- catalog.v1.Image
    primary key (media_id, tenant_id)
);
call protect('media_copies');

-- Assets that are being deleted, or were just now: nothing may begin to use one. A row counts for ten minutes, far longer
-- than a deletion, or a link of what was read before it, can take.
create table retired_media (
    media_id   uuid        not null,
    attempt_id uuid        not null,
    tenant_id  uuid        not null default current_tenant() references tenants (id),
    retired_at timestamptz not null default clock_timestamp(),
    primary key (media_id, attempt_id, tenant_id)
);
call protect('retired_media');

-- Whoever begins to use assets holds their locks with others until the transaction ends; whoever retires or changes one
-- holds it alone. There are a few for all assets of a shop, so that no transaction needs many.
-- +goose StatementBegin
create function media_lock(media uuid) returns integer
    language sql immutable set search_path from current
    as $$ select (('x' || right(media::text, 2))::bit(8)::integer) % 64 $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function share_media(which uuid[]) returns void
    language plpgsql set search_path from current
    as $$
declare
    one integer;
begin
    for one in select distinct media_lock(w) from unnest(which) w order by 1 loop
        perform pg_advisory_xact_lock_shared(hashtext('catalog.media'), hashtext(current_tenant()::text || one));
    end loop;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function media_used() returns trigger
    language plpgsql set search_path from current
    as $$
begin
    perform share_media(array(select distinct media_id from new_rows where media_id is not null));
    if exists (select from retired_media r join new_rows n on n.media_id = r.media_id and n.tenant_id = r.tenant_id
            where r.retired_at > clock_timestamp() - interval '10 minutes') then
        raise foreign_key_violation using message = 'the asset is being deleted', constraint = 'retired_media';
    end if;
    return null;
end $$;
-- +goose StatementEnd
create trigger media_used after insert on product_images referencing new table as new_rows for each statement execute function media_used();
create trigger media_used after insert on variant_files referencing new table as new_rows for each statement execute function media_used();
