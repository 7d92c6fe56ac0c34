-- +goose Up

-- Other systems that are told of events. The secrets sign what they are told, so they are kept as they are. Of two, the old one
-- signs too until its time is over.
create table webhooks (
  id uuid not null primary key,
  url text not null check (url <> ''),
  events text not null check (events <> ''), -- separated by commas
  note text not null default '',
  active boolean not null,
  off_because text not null check (off_because in ('', 'admin', 'failing', 'gone')),
  secret text not null check (secret like 'whsec\_%' escape '\'),
  old_secret text not null default '',
  old_until timestamptz,
  failing_since timestamptz, -- the first failure since the last success
  created_by uuid not null references users (id),
  created_at timestamptz not null,
  check (active = (off_because = '')),
  check ((old_secret = '') = (old_until is null))
);

-- What they are told, and what became of it. It is deleted after some weeks.
create table webhook_deliveries (
  id uuid not null primary key,
  webhook_id uuid not null references webhooks (id),
  event text not null,
  body text not null, -- JSON, the same in every attempt
  at timestamptz not null,
  state text not null check (state in ('waiting', 'delivered', 'given_up')),
  attempts integer not null default 0 check (attempts >= 0),
  status integer not null default 0 check (status between 0 and 999), -- of the last answer; 0 for none
  error text not null default '',
  next_at timestamptz,
  ended_at timestamptz,
  check ((state = 'waiting') = (next_at is not null)),
  check ((state = 'waiting') = (ended_at is null))
);

create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, id);
create index webhook_deliveries_at on webhook_deliveries (at);
