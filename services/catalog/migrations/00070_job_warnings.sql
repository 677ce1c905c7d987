-- +goose Up

-- What a file says and the shop took otherwise, such as a SKU that another variant has already. The product is taken all the
-- same, so it is no error; it is counted and kept apart from those.
alter table jobs add column warnings bigint not null default 0;
alter table job_errors
    add column warning boolean not null default false,
    drop constraint job_errors_pkey,
    add primary key (job_id, warning, number, tenant_id);
