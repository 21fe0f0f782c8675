"""Which module has which commands; a command line loads only the one that it names.

All of them together read a third of the program from the disk, which took longer than most
commands do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import typer

Adder = Callable[[typer.Typer], None]
ROOMS: Final[tuple[tuple[str, ...], ...]] = (
    ("init", "demo", "verify", "backup", "restore", "migrate", "screenshots"),
    ("import", "undo"),
    ("statements",),
    ("payment",),
    ("plans",),
    ("invoice",),
    ("receipt", "superbill"),
    ("claims", "eligibility"),
    ("era",),
    ("bank",),
    ("books",),
    ("queue",),
    ("jobs",),
    ("report",),
)
"""The commands of each module, in the order in which the help names them."""
_WITH_A_VALUE: Final = "--practice"
"""The option before a command whose value is a word of its own."""


def rooms_for(arguments: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the room of the command that a line names; all of them where it names none."""
    named = ""
    words = iter(arguments)
    for word in words:
        if word == _WITH_A_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            named = word
            break
    return tuple(room for room in ROOMS if named in room) or ROOMS


def adder_of(room: tuple[str, ...]) -> Adder:
    """Return what adds the commands of a room to the program; its module is loaded by this."""
    return _ADDERS[room[0]]()


def _keeping() -> Adder:
    from fscdesk.cli import keeping_commands as room

    return room.add_to


def _importing() -> Adder:
    from fscdesk.cli import import_commands as room

    return room.add_to


def _statements() -> Adder:
    from fscdesk.cli import statement_commands as room

    return room.add_to


def _payments() -> Adder:
    from fscdesk.cli import payment_commands as room

    return room.add_to


def _plans() -> Adder:
    from fscdesk.cli import plan_commands as room

    return room.add_to


def _invoices() -> Adder:
    from fscdesk.cli import invoice_commands as room

    return room.add_to


def _papers() -> Adder:
    from fscdesk.cli import paper_commands as room

    return room.add_to


def _claims() -> Adder:
    from fscdesk.cli import claim_commands as room

    return room.add_to


def _remittances() -> Adder:
    from fscdesk.cli import era_commands as room

    return room.add_to


def _bank() -> Adder:
    from fscdesk.cli import bank_commands as room

    return room.add_to


def _books() -> Adder:
    from fscdesk.cli import books_commands as room

    return room.add_to


def _queue() -> Adder:
    from fscdesk.cli import queue_commands as room

    return room.add_to


def _jobs() -> Adder:
    from fscdesk.cli import job_commands as room

    return room.add_to


def _reports() -> Adder:
    from fscdesk.cli import report_commands as room

    return room.add_to


_ADDERS: Final[dict[str, Callable[[], Adder]]] = {
    "init": _keeping,
    "import": _importing,
    "statements": _statements,
    "payment": _payments,
    "plans": _plans,
    "invoice": _invoices,
    "receipt": _papers,
    "claims": _claims,
    "era": _remittances,
    "bank": _bank,
    "books": _books,
    "queue": _queue,
    "jobs": _jobs,
    "report": _reports,
}
"""By the first command of each room. Written out, so that a built program takes them along."""
