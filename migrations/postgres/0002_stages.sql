-- +goose Up

-- The buying process as data, and the lists that collateral is tagged from.

-- A retired stage keeps its row, so that what was signed under it still reads; merged_into says where its pieces
-- are found and counted now.
create table stages (
  id uuid not null primary key,
  key text not null unique check (key <> ''),
  name text not null check (name <> ''),
  position bigint not null check (position >= 0),
  always_on boolean not null default false,
  merged_into uuid references stages (id),
  retired_at timestamptz,
  created_at timestamptz not null default now()
);

create table stage_questions (
  stage_id uuid not null references stages (id),
  position bigint not null check (position >= 0),
  text text not null check (text <> ''),
  primary key (stage_id, position)
);

create table stage_milestones (
  stage_id uuid not null references stages (id),
  position bigint not null check (position >= 0),
  text text not null check (text <> ''),
  primary key (stage_id, position)
);

create table taxonomies (
  facet text not null primary key check (facet in ('persona', 'industry', 'product')),
  closed boolean not null default false
);

create table taxonomy_values (
  facet text not null references taxonomies (facet),
  value text not null check (value <> ''),
  created_at timestamptz not null default now(),
  primary key (facet, value)
);

-- The six stages a new registry starts with. They are data: leaders rename, reorder, merge and extend them.
insert into stages (id, key, name, position, always_on, created_at) values
  ('01980000-0000-7000-8000-000000000001', 'problem-identification', 'Problem identification', 1, false, '2026-01-01 00:00:00.000000+00:00'),
  ('01980000-0000-7000-8000-000000000002', 'solution-exploration', 'Solution exploration', 2, false, '2026-01-01 00:00:00.000000+00:00'),
  ('01980000-0000-7000-8000-000000000003', 'requirements-building', 'Requirements building', 3, false, '2026-01-01 00:00:00.000000+00:00'),
  ('01980000-0000-7000-8000-000000000004', 'supplier-selection', 'Supplier selection', 4, false, '2026-01-01 00:00:00.000000+00:00'),
  ('01980000-0000-7000-8000-000000000005', 'validation', 'Validation', 5, true, '2026-01-01 00:00:00.000000+00:00'),
  ('01980000-0000-7000-8000-000000000006', 'consensus-creation', 'Consensus creation', 6, true, '2026-01-01 00:00:00.000000+00:00');

insert into stage_questions (stage_id, position, text) values
  ('01980000-0000-7000-8000-000000000001', 1, 'Is this problem worth changing for?'),
  ('01980000-0000-7000-8000-000000000001', 2, 'What does it cost us to do nothing?'),
  ('01980000-0000-7000-8000-000000000001', 3, 'Who else in our company is affected?'),
  ('01980000-0000-7000-8000-000000000002', 1, 'Which kinds of solution exist for our problem?'),
  ('01980000-0000-7000-8000-000000000002', 2, 'What are the risks of each of them?'),
  ('01980000-0000-7000-8000-000000000003', 1, 'What must the solution be able to do for us?'),
  ('01980000-0000-7000-8000-000000000003', 2, 'How does it fit our systems and our security rules?'),
  ('01980000-0000-7000-8000-000000000003', 3, 'What budget will it take?'),
  ('01980000-0000-7000-8000-000000000004', 1, 'Why you, and not one of the others on our list?'),
  ('01980000-0000-7000-8000-000000000004', 2, 'What will it cost in total?'),
  ('01980000-0000-7000-8000-000000000004', 3, 'On which terms would we buy?'),
  ('01980000-0000-7000-8000-000000000005', 1, 'Will it work here, with our data and our people?'),
  ('01980000-0000-7000-8000-000000000005', 2, 'Which proof is there from companies like ours?'),
  ('01980000-0000-7000-8000-000000000006', 1, 'How do I convince the others who have a say?'),
  ('01980000-0000-7000-8000-000000000006', 2, 'Who stands to lose by this change?');

insert into stage_milestones (stage_id, position, text) values
  ('01980000-0000-7000-8000-000000000001', 1, 'A named sponsor has stated the problem in writing.'),
  ('01980000-0000-7000-8000-000000000001', 2, 'The buyer has put a figure on the impact.'),
  ('01980000-0000-7000-8000-000000000001', 3, 'A second stakeholder has joined the conversation.'),
  ('01980000-0000-7000-8000-000000000002', 1, 'The buyer has confirmed the preferred approach.'),
  ('01980000-0000-7000-8000-000000000002', 2, 'The buyer has approved the discovery recap by reply.'),
  ('01980000-0000-7000-8000-000000000003', 1, 'The buyer has shared written requirements or success metrics.'),
  ('01980000-0000-7000-8000-000000000003', 2, 'The buyer has named a technical contact.'),
  ('01980000-0000-7000-8000-000000000003', 3, 'The buyer has confirmed a budget range.'),
  ('01980000-0000-7000-8000-000000000004', 1, 'The buyer has confirmed the shortlist.'),
  ('01980000-0000-7000-8000-000000000004', 2, 'The decision makers have attended a meeting.'),
  ('01980000-0000-7000-8000-000000000004', 3, 'The buyer has given the date and the process of the decision.'),
  ('01980000-0000-7000-8000-000000000005', 1, 'The buyer has signed the success criteria of a pilot.'),
  ('01980000-0000-7000-8000-000000000005', 2, 'A reference call has been held.'),
  ('01980000-0000-7000-8000-000000000005', 3, 'The buyer''s security review has been passed.'),
  ('01980000-0000-7000-8000-000000000006', 1, 'The economic buyer has met us.'),
  ('01980000-0000-7000-8000-000000000006', 2, 'The buyer has accepted a mutual plan.'),
  ('01980000-0000-7000-8000-000000000006', 3, 'The objection of each role has been recorded and answered.');

-- Open lists: a value that is used for the first time is added to its list.
insert into taxonomies (facet, closed) values
  ('persona', false),
  ('industry', false),
  ('product', false);
