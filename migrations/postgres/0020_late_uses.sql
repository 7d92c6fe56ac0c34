-- +goose Up

-- The days of which uses were reported on a later day, and when the last of them came in. A report of the past says so: its
-- figures are no longer those of then.
create table late_uses (
  day text not null primary key check (day ~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]$'),
  arrived_at timestamptz not null
);
