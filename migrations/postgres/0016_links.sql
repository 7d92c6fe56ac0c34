-- +goose Up

-- What is given to buyers, and who came by it. Visitors have no account; what is told of them has an end, so nothing here is
-- guarded by the gate.

-- The token is in the address that the buyer is given. It is kept as it is: who made the link copies the address again. "opens"
-- counts the visits that took one of "max_opens"; a visit that took one goes on.
create table links (
  id uuid not null primary key,
  token text not null unique check (length(token) = 24),
  created_by uuid not null references users (id),
  created_at timestamptz not null,
  title text not null check (title <> ''),
  recipient text not null default '',
  recipient_email text not null default '',
  opportunity text not null default '',
  expires_at timestamptz,
  passcode_hash text not null default '',
  passcode_at timestamptz,
  email_gate text not null check (email_gate in ('none', 'ask', 'verified')),
  downloads boolean not null,
  watermark boolean not null,
  max_opens integer check (max_opens >= 1),
  opens integer not null default 0 check (opens >= 0),
  revoked_at timestamptz,
  revoked_by uuid references users (id),
  revision bigint not null default 1 check (revision >= 1),
  check ((passcode_hash = '') = (passcode_at is null)),
  check ((revoked_at is null) = (revoked_by is null))
);

create index links_maker on links (created_by, id);

-- The title is the one that the piece had when the link was made: a buyer is told of a piece that was withdrawn by it.
create table link_assets (
  link_id uuid not null references links (id),
  position integer not null check (position >= 1),
  asset_id uuid not null references assets (id),
  title text not null check (title <> ''),
  primary key (link_id, position),
  unique (link_id, asset_id)
);

create index link_assets_asset on link_assets (asset_id, link_id);

-- Who is let in by the e-mail address: one address, or all of a domain, written @example.com.
create table link_allowed (
  link_id uuid not null references links (id),
  pattern text not null check (pattern = lower(pattern) and pattern like '%@%'),
  primary key (link_id, pattern)
);

-- Somebody who came by a link, known by a cookie. key_hash is the SHA-256 of the cookie's value. passed_at is since when
-- the passcode holds that was given.
create table visitors (
  id uuid not null primary key,
  link_id uuid not null references links (id),
  key_hash text not null unique check (key_hash ~ '^[0-9a-f]{64}$'),
  email text not null default '' check (email = lower(email)),
  passed_at timestamptz,
  verified_at timestamptz,
  code_asked_at timestamptz,
  code_hash text not null default '',
  code_at timestamptz,
  code_tries integer not null default 0 check (code_tries >= 0),
  created_at timestamptz not null,
  check (verified_at is null or email <> ''),
  check ((code_hash = '') = (code_at is null))
);

create index visitors_link on visitors (link_id);

-- A visitor's time on the link's page, from the first request to half an hour after the last. opened_at is when it was confirmed
-- that a person looks. Machines are kept, with the reason why they are taken for one, by which rules, and with the facts that
-- those looked at, as JSON: so it can be judged again. "pulse" is what heartbeats said, as JSON, until the visit has ended.
create table visits (
  id uuid not null primary key,
  link_id uuid not null references links (id),
  visitor_id uuid not null references visitors (id),
  started_at timestamptz not null,
  last_at timestamptz not null,
  agent_class text not null default '',
  machine boolean not null,
  why text not null default '',
  rules text not null default '',
  facts text not null default '{}',
  pulse text not null default '',
  ended boolean not null default false,
  opened_at timestamptz,
  check (last_at >= started_at)
);

create index visits_link on visits (link_id, id);
create index visits_visitor on visits (visitor_id, last_at);
create index visits_last on visits (last_at);
create index visits_going on visits (last_at) where not ended;

-- Attempts that are limited: wrong passcodes, addresses that are not let in, and mails asked for.
create table link_attempts (
  id uuid not null primary key,
  link_id uuid not null references links (id),
  kind text not null check (kind in ('passcode', 'email', 'mail')),
  address text not null,
  at timestamptz not null
);

create index link_attempts_link on link_attempts (link_id, kind, at);
create index link_attempts_at on link_attempts (at);
