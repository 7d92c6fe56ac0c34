-- +goose Up

-- Who is forgotten goes out of uses and searches; the figures stay. How a search ended is told by what the person used next, and
-- only while both know the person: so it is written down when that one is forgotten. "none" is a search that no report counts.
alter table searches add column ended text check (ended is null or ended in ('nothing', 'opened', 'unopened', 'none') and user_id is null);

create index searches_forgotten on searches (at) where user_id is null;
