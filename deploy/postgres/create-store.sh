#!/bin/sh
# Creates the database of holdfast's own tables when the PostgreSQL volume is new.
set -eu

createdb --username "$POSTGRES_USER" --owner "$POSTGRES_USER" holdfast
