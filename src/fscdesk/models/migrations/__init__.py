"""Alembic migrations: each one upgrades and downgrades both databases."""
