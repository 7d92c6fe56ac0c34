-- +goose Up

-- How long visitors of links looked at what. Rows are added to as heartbeats come in, and go with their visit.

-- Page 0 is the piece as a whole, and tells how many pages it had; 0 without a preview of pages. A page above 0 is one of
-- those. Two pages can be visible at the same time, so the time of pages may sum up to more than that of the piece.
create table attention (
  visit_id text not null references visits (id),
  asset_id text not null references assets (id),
  version_id text not null references versions (id),
  page integer not null check (typeof(page) = 'integer' and page >= 0),
  visible_ms integer not null check (typeof(visible_ms) = 'integer' and visible_ms > 0),
  pages integer not null default 0 check (typeof(pages) = 'integer' and pages >= 0),
  primary key (visit_id, asset_id, version_id, page)
) without rowid;

create index attention_asset on attention (asset_id);

-- A counted visit in which a piece was looked at for long enough: it is in the totals of the piece since the day on which the
-- visit began. A visit that turns out not to count is taken out of both; one that is forgotten stays in the totals.
create table engagements (
  visit_id text not null references visits (id),
  asset_id text not null references assets (id),
  engaged_at datetime not null check (typeof(engaged_at) = 'text' and engaged_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  primary key (visit_id, asset_id)
) without rowid;

-- That visits of the past were judged again, and figures changed by it: whoever shows those shows the note.
create table visit_notes (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  at datetime not null check (typeof(at) = 'text' and at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  rules text not null check (rules <> ''),
  visits integer not null check (typeof(visits) = 'integer' and visits >= 0),
  came_in integer not null check (typeof(came_in) = 'integer' and came_in >= 0),
  fell_out integer not null check (typeof(fell_out) = 'integer' and fell_out >= 0)
) without rowid;
