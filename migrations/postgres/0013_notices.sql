-- +goose Up

-- What people are told, and what approvers have looked at. Nothing here is guarded by the gate.

-- When an approver last opened a version that was under review. It counts from the submission on: what was opened before
-- that may have been sent with other tags.
create table review_openings (
  version_id uuid not null references versions (id),
  user_id uuid not null references users (id),
  opened_at timestamptz not null,
  primary key (version_id, user_id)
);

-- Ids only: what a notice says is read from what it is about, which is a piece but for a webhook. "due" is the day that a notice about a date is about.
create table notices (
  id uuid not null primary key,
  user_id uuid not null references users (id),
  kind text not null check (kind in ('waits', 'changes_requested', 'rejected', 'signed', 'published', 'withdrawn', 'flagged', 'flag_fixed', 'flag_kept', 'review_soon', 'review_due', 'webhook_off')),
  asset_id uuid references assets (id) check (asset_id is not null or kind = 'webhook_off'),
  version_id uuid references versions (id),
  by_user uuid references users (id),
  due text not null default '',
  at timestamptz not null,
  read_at timestamptz
);

create index notices_user on notices (user_id, id);
create index notices_unread on notices (user_id) where read_at is null;
create index notices_version on notices (version_id) where kind = 'waits';
create index notices_read on notices (read_at) where read_at is not null;
create unique index notices_due on notices (asset_id, user_id, kind, due) where due <> '';

-- Who said whether notices are to be mailed. Who said nothing gets them.
create table mail_choices (
  user_id uuid not null references users (id) primary key,
  wanted boolean not null
);
