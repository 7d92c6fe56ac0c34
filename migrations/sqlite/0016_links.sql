-- +goose Up

-- What is given to buyers, and who came by it. Visitors have no account; what is told of them has an end, so nothing here is
-- guarded by the gate.

-- The token is in the address that the buyer is given. It is kept as it is: who made the link copies the address again. "opens"
-- counts the visits that took one of "max_opens"; a visit that took one goes on.
create table links (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  token text not null unique check (length(token) = 24),
  created_by text not null references users (id),
  created_at datetime not null check (typeof(created_at) = 'text' and created_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  title text not null check (title <> ''),
  recipient text not null default '',
  recipient_email text not null default '',
  opportunity text not null default '',
  expires_at datetime check (expires_at is null or typeof(expires_at) = 'text' and expires_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  passcode_hash text not null default '',
  passcode_at datetime check (passcode_at is null or typeof(passcode_at) = 'text' and passcode_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  email_gate text not null check (email_gate in ('none', 'ask', 'verified')),
  downloads boolean not null check (typeof(downloads) = 'integer' and downloads in (0, 1)),
  watermark boolean not null check (typeof(watermark) = 'integer' and watermark in (0, 1)),
  max_opens integer check (max_opens is null or typeof(max_opens) = 'integer' and max_opens >= 1),
  opens integer not null default 0 check (typeof(opens) = 'integer' and opens >= 0),
  revoked_at datetime check (revoked_at is null or typeof(revoked_at) = 'text' and revoked_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  revoked_by text references users (id),
  revision integer not null default 1 check (typeof(revision) = 'integer' and revision >= 1),
  check ((passcode_hash = '') = (passcode_at is null)),
  check ((revoked_at is null) = (revoked_by is null))
) without rowid;

create index links_maker on links (created_by, id);

-- The title is the one that the piece had when the link was made: a buyer is told of a piece that was withdrawn by it.
create table link_assets (
  link_id text not null references links (id),
  position integer not null check (typeof(position) = 'integer' and position >= 1),
  asset_id text not null references assets (id),
  title text not null check (title <> ''),
  primary key (link_id, position),
  unique (link_id, asset_id)
) without rowid;

create index link_assets_asset on link_assets (asset_id, link_id);

-- Who is let in by the e-mail address: one address, or all of a domain, written @example.com.
create table link_allowed (
  link_id text not null references links (id),
  pattern text not null check (pattern = lower(pattern) and pattern like '%@%'),
  primary key (link_id, pattern)
) without rowid;

-- Somebody who came by a link, known by a cookie. key_hash is the SHA-256 of the cookie's value. passed_at is since when
-- the passcode holds that was given.
create table visitors (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  link_id text not null references links (id),
  key_hash text not null unique check (typeof(key_hash) = 'text' and length(key_hash) = 64 and key_hash not glob '*[^0-9a-f]*'),
  email text not null default '' check (email = lower(email)),
  passed_at datetime check (passed_at is null or typeof(passed_at) = 'text' and passed_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  verified_at datetime check (verified_at is null or typeof(verified_at) = 'text' and verified_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  code_asked_at datetime check (code_asked_at is null or typeof(code_asked_at) = 'text' and code_asked_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  code_hash text not null default '',
  code_at datetime check (code_at is null or typeof(code_at) = 'text' and code_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  code_tries integer not null default 0 check (typeof(code_tries) = 'integer' and code_tries >= 0),
  created_at datetime not null check (typeof(created_at) = 'text' and created_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  check (verified_at is null or email <> ''),
  check ((code_hash = '') = (code_at is null))
) without rowid;

create index visitors_link on visitors (link_id);

-- A visitor's time on the link's page, from the first request to half an hour after the last. opened_at is when it was confirmed
-- that a person looks. Machines are kept, with the reason why they are taken for one, by which rules, and with the facts that
-- those looked at, as JSON: so it can be judged again. "pulse" is what heartbeats said, as JSON, until the visit has ended.
create table visits (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  link_id text not null references links (id),
  visitor_id text not null references visitors (id),
  started_at datetime not null check (typeof(started_at) = 'text' and started_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  last_at datetime not null check (typeof(last_at) = 'text' and last_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  agent_class text not null default '',
  machine boolean not null check (typeof(machine) = 'integer' and machine in (0, 1)),
  why text not null default '',
  rules text not null default '',
  facts text not null default '{}',
  pulse text not null default '',
  ended boolean not null default 0 check (typeof(ended) = 'integer' and ended in (0, 1)),
  opened_at datetime check (opened_at is null or typeof(opened_at) = 'text' and opened_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  check (last_at >= started_at)
) without rowid;

create index visits_link on visits (link_id, id);
create index visits_visitor on visits (visitor_id, last_at);
create index visits_last on visits (last_at);
create index visits_going on visits (last_at) where not ended;

-- Attempts that are limited: wrong passcodes, addresses that are not let in, and mails asked for.
create table link_attempts (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  link_id text not null references links (id),
  kind text not null check (kind in ('passcode', 'email', 'mail')),
  address text not null,
  at datetime not null check (typeof(at) = 'text' and at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00')
) without rowid;

create index link_attempts_link on link_attempts (link_id, kind, at);
create index link_attempts_at on link_attempts (at);
