"""A command line loads the module of its command, and no other."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from fscdesk.cli.rooms import ROOMS, adder_of, rooms_for
from fscdesk.models import registry
from fscdesk.models.base import Base

MODULES = "sorted(name for name in sys.modules if name.endswith('_commands'))"


@pytest.mark.parametrize("room", ROOMS, ids=" ".join)
def test_each_room_has_its_commands(room: tuple[str, ...]) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    adder_of(room)(app)
    made = typer.main.get_command(app)
    assert set(made.commands) == set(room)  # type: ignore[attr-defined] # a group of commands


def test_a_line_names_its_room() -> None:
    assert rooms_for(["report", "aging", "--practice", "queue"]) == (("report",),)
    assert rooms_for(["--practice", "report", "undo", "7"]) == (("import", "undo"),)
    assert rooms_for(["--practice=books", "queue"]) == (("queue",),)
    for said in ([], ["--help"], ["reprot"], ["--practice", "bank"]):
        assert rooms_for(said) == ROOMS


def test_only_that_room_is_loaded() -> None:
    run = (
        "import sys; from fscdesk.cli.program import main; from fscdesk.cli.options import"
        " Surroundings; main(['queue', '--help'], Surroundings(None, None, None));"
        f"print({MODULES}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "['fscdesk.cli.queue_commands']"


@pytest.mark.parametrize("room", ROOMS, ids=" ".join)
def test_each_command_alone_knows_every_table(room: tuple[str, ...]) -> None:
    """In a program of its own, as a person starts it; a test loads more."""
    run = (
        f"from fscdesk.cli.rooms import adder_of; adder_of({room!r});"
        "from fscdesk.models.base import Base;"
        "[key.column for table in Base.metadata.tables.values() for key in table.foreign_keys];"
        "print(len(Base.metadata.tables))"
    )
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert registry.TABLES
    assert int(done.stdout) == len(Base.metadata.tables)
