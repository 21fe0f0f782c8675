"""The schema is what the models say, goes up and comes down, and refuses another program's."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, select, text

from fscdesk.models.claim_rule import ClaimRule
from fscdesk.models.cost_centre import BEGINNING, ProviderCostCentre
from fscdesk.models.registry import metadata
from fscdesk.resources import resource
from fscdesk.services.claims.payer_rules import conditions_of
from fscdesk.services.connecting import create_practice, engine_for, open_office
from fscdesk.services.errors import Problem
from fscdesk.services.schema_version import SCHEMA, revision_of
from fscdesk.services.upgrading import move_to, newest_revision, upgrade_engine
from tests.support.clock import Clock


def moved(engine: Engine, revision: str, *, down: bool = False) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        move_to(connection, revision, down=down)


def test_models_and_migrations_do_not_drift(practice: str) -> None:
    engine = engine_for(practice)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_down_takes_everything_away_and_up_brings_it_back(empty_target: str) -> None:
    engine = engine_for(empty_target)
    upgrade_engine(engine)
    tables = set(inspect(engine).get_table_names())
    assert {table.name for table in metadata.sorted_tables} <= tables
    moved(engine, "base", down=True)
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    upgrade_engine(engine)
    assert set(inspect(engine).get_table_names()) == tables
    assert revision_of(engine) == newest_revision()
    engine.dispose()


def test_the_program_knows_its_own_newest_migration() -> None:
    assert newest_revision() == SCHEMA


def test_every_constraint_has_a_name(practice: str) -> None:
    engine = engine_for(practice)
    ddl = dict.fromkeys(metadata.tables, "")
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master"))
            ddl |= {row.name: row.sql for row in rows if row.sql}
    found = inspect(engine)
    for table in metadata.tables:
        for key in found.get_foreign_keys(table):
            # SQLite does not tell the name of one that came with an added column; its text does.
            name = key["name"] or f"fk_{table}_{key['constrained_columns'][0]}"
            assert key["name"] or f"CONSTRAINT {name} REFERENCES" in ddl[table], (
                f"a foreign key of {table} has no name"
            )
        for check in found.get_check_constraints(table):
            assert check["name"], f"a check of {table} has no name"
    engine.dispose()


def test_a_newer_practice_is_refused_and_stays_as_it_is(practice: str, clock: Clock) -> None:
    engine = engine_for(practice)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'zz99'"))
    with pytest.raises(Problem, match="saved by a newer fscdesk") as refused:
        open_office(practice, now=clock)
    assert "Update fscdesk" in refused.value.hint
    assert revision_of(engine) == "zz99"
    engine.dispose()


def test_a_practice_is_never_made_over_another(practice: str, clock: Clock) -> None:
    with pytest.raises(Problem, match="nothing was changed in it"):
        create_practice(practice, name="Second", zone="America/New_York", now=clock)


def test_a_file_that_is_no_practice_is_refused(tmp_path: Path) -> None:
    for name, content in (("text.fsc", b"not a database at all, but long enough " * 9),):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(Problem):
            open_office(path)
        assert path.read_bytes() == content


def test_a_migration_that_fails_half_way_leaves_the_old_schema(empty_target: str) -> None:
    engine = engine_for(empty_target)

    def break_off() -> None:
        with engine.execution_options(writes=True).begin() as connection:
            move_to(connection, "head")
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        break_off()
    assert revision_of(engine) is None
    assert set(inspect(engine).get_table_names()) == set()
    engine.dispose()


def test_a_practice_of_the_first_schema_gets_what_claims_need(empty_target: str) -> None:
    engine = engine_for(empty_target)
    moved(engine, "0001")
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO practice (id, name, zone, address1, address2, city, state, zip_code,"
                " phone, email, hours, npi, tax_id, version) VALUES (1, 'Fictional Springs',"
                " 'America/New_York', '', '', '', '', '', '', '', '', '', '', 1)"
            )
        )
        connection.execute(
            text("INSERT INTO role_right (role, \"right\") VALUES ('billing_clerk', 'adjust')")
        )
        connection.execute(text("INSERT INTO change_counter (topic, version) VALUES ('plans', 7)"))
    upgrade_engine(engine)
    with engine.connect() as connection:

        def found(words: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.execute(text(words))]

        rights = found('SELECT role, "right" FROM role_right ORDER BY role, "right"')
        assert rights == [
            ("billing_clerk", right)
            for right in ("adjust", "make_claims", "make_deposits", "reconcile", "send_claims")
        ]
        assert ("claims", 0) in found("SELECT topic, version FROM change_counter")
        assert found("SELECT tax_id_kind, taxonomy FROM practice") == [("EI", "")]
    engine.dispose()
    office = open_office(empty_target, now=Clock())
    shipped = office.read(lambda work: [one.name for one in work.db.scalars(select(ClaimRule))])
    fresh = csv.DictReader(resource("seeds/claim_rules.csv").read_text("utf-8").splitlines())
    assert shipped == [row["name"] for row in fresh]
    conditions = office.read(
        lambda work: [conditions_of(one.conditions) for one in work.db.scalars(select(ClaimRule))]
    )
    assert all(conditions)
    office.close()


def test_days_of_deposit_that_were_typed_are_kept_in_the_history(empty_target: str) -> None:
    engine = engine_for(empty_target)
    moved(engine, "0003")
    payer = dict.fromkeys(
        ("payer_code", "member_id_pattern", "address1", "address2", "city", "state", "zip_code"), ""
    ) | {"id": 1, "name": "FICTA", "short_name": "FICTA", "unapplied": 0, "version": 1}
    payer |= {"route": "clearinghouse", "filing_indicator": "commercial", "automation": "review"}
    flags = ("needs_authorization", "public_program", "active", "wants_referral")
    payer |= dict.fromkeys((*flags, "accepts_assignment"), True)
    payment = {
        "id": 1,
        "number": "PAY-1",
        "payer_id": 1,
        "method": "check",
        "reference": "",
        "amount": 100,
        "received_on": "2026-03-02",
        "posted_on": "2026-03-02",
        "memo": "",
        "deposited_on": "2026-03-05",
        "status": "posted",
        "origin": "typed",
        "version": 1,
        "request_digest": "",
        "received_by": 1,
        "posted_at": "2026-03-02 00:00:00",
    }
    person = {"id": 1, "login": "one", "name": "One", "created_at": "2026-03-01 00:00:00"}
    with engine.execution_options(writes=True).begin() as connection:
        for table, row in (
            ("staff", person | {"active": True}),
            ("payer", payer),
            ("payment", payment),
        ):
            names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
            words = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
            connection.execute(text(words), row)
    upgrade_engine(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT deposited_on FROM payment")).scalar() is None
        kept = connection.execute(text("SELECT what, old, new FROM payment_change")).one()
        assert tuple(kept) == ("deposited_on", "2026-03-05", "")
    engine.dispose()


def test_a_clinicians_centre_becomes_the_first_of_a_history_and_comes_back(
    empty_target: str,
) -> None:
    engine = engine_for(empty_target)
    moved(engine, "0004")
    blank = dict.fromkeys(
        ("credentials", "npi", "taxonomy", "licence", "first_name", "last_name"), ""
    ) | {"active": True, "version": 1}
    centre = {"code": "EAST", "name": "East", "kind": "clinical", "active": True, "version": 1}
    people = (
        blank | {"id": 1, "name": "One", "cost_centre": "EAST"},
        blank | {"id": 2, "name": "Two", "cost_centre": None},
    )
    with engine.execution_options(writes=True).begin() as connection:
        for table, row in (("cost_centre", centre), *(("provider", one) for one in people)):
            names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
            words = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
            connection.execute(text(words), row)
    upgrade_engine(engine)
    history = select(
        ProviderCostCentre.provider_id, ProviderCostCentre.cost_centre, ProviderCostCentre.from_day
    ).order_by(ProviderCostCentre.from_day)
    with engine.execution_options(writes=True).begin() as connection:
        assert [tuple(row) for row in connection.execute(history)] == [(1, "EAST", BEGINNING)]
        connection.execute(
            insert(ProviderCostCentre).values(
                provider_id=1, cost_centre=None, from_day=date(2026, 3, 1)
            )
        )
        connection.execute(
            insert(ProviderCostCentre).values(
                provider_id=2, cost_centre="EAST", from_day=date(2026, 3, 1)
            )
        )
    moved(engine, "0004", down=True)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT id, cost_centre FROM provider ORDER BY id"))
        assert [tuple(row) for row in kept] == [(1, None), (2, "EAST")]
    engine.dispose()
