"""The schema is what the models say, goes up and comes down, and refuses another program's."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from fscdesk.models.registry import metadata
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
    found = inspect(engine)
    for table in metadata.tables:
        for key in found.get_foreign_keys(table):
            assert key["name"], f"a foreign key of {table} has no name"
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
