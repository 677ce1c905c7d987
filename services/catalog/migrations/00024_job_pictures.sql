-- +goose Up

-- Pictures at foreign addresses that an import names. The products are there at once; the pictures follow, each fetched by a
-- process that holds it by a lease. The rows stay with their job, as its report.
create table job_pictures (
    tenant_id   uuid        not null default current_tenant() references tenants (id),
    id          uuid        not null,
    job_id      uuid        not null,
    product_id  uuid        not null,
    row_number  bigint      not null, -- of the file
    url         text        not null,
    alt         text,                 -- null: what the picture itself says
    position    integer     not null, -- among the product's pictures
    status      text        not null default 'waiting' check (status in ('waiting', 'done', 'failed')),
    attempts    integer     not null default 0,
    code        text,                 -- why it failed, or failed last
    message     text,
    due_at      timestamptz not null,
    lease_owner uuid,
    lease_until timestamptz,
    primary key (id, tenant_id),
    foreign key (tenant_id, job_id) references jobs (tenant_id, id) on delete cascade,
    foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade
);
create index job_pictures_job on job_pictures (job_id, status, id, tenant_id);
create index job_pictures_product on job_pictures (product_id, tenant_id);
create index job_pictures_due on job_pictures (due_at) where status = 'waiting';
call protect('job_pictures', true);

alter table jobs
    add column pictures        bigint not null default 0,
    add column pictures_done   bigint not null default 0,
    add column pictures_failed bigint not null default 0;
