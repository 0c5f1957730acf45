#!/bin/sh
# Creates or upgrades the two databases of the Temporal server. Safe to run again: what is there stays.
set -eu

schema_root=/etc/temporal/schema/postgresql/v12

prepare_database() {
  database=$1
  schema=$2
  echo "database $database"
  sql_tool() {
    temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" --port "$DB_PORT" --user "$POSTGRES_USER" \
      --db "$database" "$@"
  }
  sql_tool create
  sql_tool setup-schema --version 0.0
  sql_tool update-schema --schema-dir "$schema_root/$schema/versioned"
}

prepare_database temporal temporal
prepare_database temporal_visibility visibility
