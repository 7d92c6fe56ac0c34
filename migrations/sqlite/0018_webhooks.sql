-- +goose Up

-- Other systems that are told of events. The secrets sign what they are told, so they are kept as they are. Of two, the old one
-- signs too until its time is over.
create table webhooks (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  url text not null check (url <> ''),
  events text not null check (events <> ''), -- separated by commas
  note text not null default '',
  active boolean not null check (typeof(active) = 'integer' and active in (0, 1)),
  off_because text not null check (off_because in ('', 'admin', 'failing', 'gone')),
  secret text not null check (secret like 'whsec\_%' escape '\'),
  old_secret text not null default '',
  old_until datetime check (old_until is null or typeof(old_until) = 'text' and old_until glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  failing_since datetime check (failing_since is null or typeof(failing_since) = 'text' and failing_since glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'), -- the first failure since the last success
  created_by text not null references users (id),
  created_at datetime not null check (typeof(created_at) = 'text' and created_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  check (active = (off_because = '')),
  check ((old_secret = '') = (old_until is null))
) without rowid;

-- What they are told, and what became of it. It is deleted after some weeks.
create table webhook_deliveries (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  webhook_id text not null references webhooks (id),
  event text not null,
  body text not null, -- JSON, the same in every attempt
  at datetime not null check (typeof(at) = 'text' and at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  state text not null check (state in ('waiting', 'delivered', 'given_up')),
  attempts integer not null default 0 check (attempts >= 0),
  status integer not null default 0 check (status between 0 and 999), -- of the last answer; 0 for none
  error text not null default '',
  next_at datetime check (next_at is null or typeof(next_at) = 'text' and next_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  ended_at datetime check (ended_at is null or typeof(ended_at) = 'text' and ended_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  check ((state = 'waiting') = (next_at is not null)),
  check ((state = 'waiting') = (ended_at is null))
) without rowid;

create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, id);
create index webhook_deliveries_at on webhook_deliveries (at);
