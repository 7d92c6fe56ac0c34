-- +goose Up

-- How the pages of files look, by what the file is: versions of the same bytes look the same. All of it can be thrown away and
-- is made again when somebody looks.
create table previews (
  sha256 text not null primary key check (length(sha256) = 64),
  pages integer not null check (pages >= 0), -- of the file; 0 when no pictures can be made of it
  made_at timestamptz not null
);

-- Only the first pages have a row. The picture comes when somebody looks at it first.
create table preview_pages (
  sha256 text not null references previews (sha256),
  page integer not null check (page >= 1),
  width integer not null check (width >= 1), -- of the picture in pixels
  height integer not null check (height >= 1),
  picture bytea, -- JPEG
  primary key (sha256, page)
);

create index previews_made on previews (made_at);
