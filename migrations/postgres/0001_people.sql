-- +goose Up

-- People, what they may do and since when, and how they sign in.

create table users (
  id uuid not null primary key,
  email text not null unique check (email <> '' and email = lower(email)),
  name text not null default '',
  team text not null default '',
  password_hash text not null default '',
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- A grant holds from granted_at up to, but not including, revoked_at.
create table role_grants (
  user_id uuid not null references users (id),
  role text not null check (role in ('rep', 'marketer', 'approver', 'leader', 'admin')),
  granted_at timestamptz not null,
  revoked_at timestamptz,
  primary key (user_id, role, granted_at),
  check (revoked_at is null or revoked_at >= granted_at)
);

-- token_hash is the SHA-256 of the bearer token: the token itself is shown once and stored nowhere.
create table sessions (
  token_hash text not null check (token_hash ~ '^[0-9a-f]{64}$') primary key,
  user_id uuid not null references users (id),
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create index sessions_user on sessions (user_id);
create index sessions_expiry on sessions (expires_at);

create table api_tokens (
  id uuid not null primary key,
  user_id uuid not null references users (id),
  name text not null,
  token_hash text not null check (token_hash ~ '^[0-9a-f]{64}$') unique,
  scope text not null check (scope in ('all', 'report-uses')),
  roles text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz
);

create index api_tokens_user on api_tokens (user_id);

create table sign_in_failures (
  id uuid not null primary key,
  account text not null,
  address text not null,
  at timestamptz not null
);

create index sign_in_failures_account on sign_in_failures (account, address, at);
create index sign_in_failures_address on sign_in_failures (address, at);
