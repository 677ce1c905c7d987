-- +goose Up
-- There may be several owners. What has to be decided about them is decided with the shop's row locked.
drop index staff_owner;
