"""Breaks the books on purpose, as a foreign program would: guards down, raw SQL."""

from __future__ import annotations

from fscdesk.models.migrations import ledger_guards
from fscdesk.services.connecting import engine_for, is_shared


def tamper(target: str, *statements: str) -> None:
    """Run statements on a practice with no trigger, no foreign key and no check in the way."""
    engine = engine_for(target)
    try:
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            if is_shared(target):
                raw.execute("SET session_replication_role = replica")
                raw.execute("ALTER TABLE charge DROP CONSTRAINT IF EXISTS ck_charge_shares_add_up")
                for statement in statements:
                    raw.execute(statement)
                raw.commit()
                return
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("PRAGMA ignore_check_constraints=ON")
            for statement in (
                *ledger_guards.statements("sqlite", drop=True),
                *statements,
                *ledger_guards.statements("sqlite"),
            ):
                raw.execute(statement)
    finally:
        engine.dispose()
