-- +goose Up

-- People, what they may do and since when, and how they sign in.

create table users (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  email text not null unique check (email <> '' and email = lower(email)),
  name text not null default '',
  team text not null default '',
  password_hash text not null default '',
  active boolean not null default 1 check (typeof(active) = 'integer' and active in (0, 1)),
  created_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')) check (typeof(created_at) = 'text' and created_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  updated_at datetime not null default (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')) check (typeof(updated_at) = 'text' and updated_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00')
) without rowid;

-- A grant holds from granted_at up to, but not including, revoked_at.
create table role_grants (
  user_id text not null references users (id),
  role text not null check (role in ('rep', 'marketer', 'approver', 'leader', 'admin')),
  granted_at datetime not null check (typeof(granted_at) = 'text' and granted_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  revoked_at datetime check (revoked_at is null or typeof(revoked_at) = 'text' and revoked_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  primary key (user_id, role, granted_at),
  check (revoked_at is null or revoked_at >= granted_at)
) without rowid;

-- token_hash is the SHA-256 of the bearer token: the token itself is shown once and stored nowhere.
create table sessions (
  token_hash text not null check (typeof(token_hash) = 'text' and length(token_hash) = 64 and token_hash not glob '*[^0-9a-f]*') primary key,
  user_id text not null references users (id),
  created_at datetime not null check (typeof(created_at) = 'text' and created_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  expires_at datetime not null check (typeof(expires_at) = 'text' and expires_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00')
) without rowid;

create index sessions_user on sessions (user_id);
create index sessions_expiry on sessions (expires_at);

create table api_tokens (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  user_id text not null references users (id),
  name text not null,
  token_hash text not null check (typeof(token_hash) = 'text' and length(token_hash) = 64 and token_hash not glob '*[^0-9a-f]*') unique,
  scope text not null check (scope in ('all', 'report-uses')),
  roles text not null,
  created_at datetime not null check (typeof(created_at) = 'text' and created_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  expires_at datetime not null check (typeof(expires_at) = 'text' and expires_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'),
  last_used_at datetime check (last_used_at is null or typeof(last_used_at) = 'text' and last_used_at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00')
) without rowid;

create index api_tokens_user on api_tokens (user_id);

create table sign_in_failures (
  id text not null check (typeof(id) = 'text' and length(id) = 36) primary key,
  account text not null,
  address text not null,
  at datetime not null check (typeof(at) = 'text' and at glob '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]+00:00')
) without rowid;

create index sign_in_failures_account on sign_in_failures (account, address, at);
create index sign_in_failures_address on sign_in_failures (address, at);
