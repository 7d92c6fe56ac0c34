#!/usr/bin/env bash
# Runs once, when the database of docker-compose.yml is made. Two roles: the owner of the tables, who migrates, and the
# registry's own, who cannot switch the gate off. What the owner makes later is granted to the registry as it is made.
set -euo pipefail

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-postgres}" \
    --set owner_password="$DATABASE_OWNER_PASSWORD" --set password="$DATABASE_PASSWORD" <<'SQL'
create role collateral_owner login password :'owner_password';
create role collateral login password :'password';
create database collateral owner collateral_owner;
revoke all on database collateral from public;
grant connect on database collateral to collateral;
\connect collateral
grant usage on schema public to collateral;
alter default privileges for role collateral_owner in schema public grant select, insert, update, delete on tables to collateral;
alter default privileges for role collateral_owner in schema public grant usage on sequences to collateral;
SQL
