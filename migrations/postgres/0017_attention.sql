-- +goose Up

-- How long visitors of links looked at what. Rows are added to as heartbeats come in, and go with their visit.

-- Page 0 is the piece as a whole, and tells how many pages it had; 0 without a preview of pages. A page above 0 is one of
-- those. Two pages can be visible at the same time, so the time of pages may sum up to more than that of the piece.
create table attention (
  visit_id uuid not null references visits (id),
  asset_id uuid not null references assets (id),
  version_id uuid not null references versions (id),
  page integer not null check (page >= 0),
  visible_ms bigint not null check (visible_ms > 0),
  pages integer not null default 0 check (pages >= 0),
  primary key (visit_id, asset_id, version_id, page)
);

create index attention_asset on attention (asset_id);

-- A counted visit in which a piece was looked at for long enough: it is in the totals of the piece since the day on which the
-- visit began. A visit that turns out not to count is taken out of both; one that is forgotten stays in the totals.
create table engagements (
  visit_id uuid not null references visits (id),
  asset_id uuid not null references assets (id),
  engaged_at timestamptz not null,
  primary key (visit_id, asset_id)
);

-- That visits of the past were judged again, and figures changed by it: whoever shows those shows the note.
create table visit_notes (
  id uuid not null primary key,
  at timestamptz not null,
  rules text not null check (rules <> ''),
  visits integer not null check (visits >= 0),
  came_in integer not null check (came_in >= 0),
  fell_out integer not null check (fell_out >= 0)
);
