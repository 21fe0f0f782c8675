"""Options that many commands share, and how a command comes to its practice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from fscdesk.models.values import LARGEST_ID, Money
from fscdesk.services.connecting import open_office
from fscdesk.services.days_meant import EARLIEST, LATEST, is_office_day
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office

LONGEST_ID = len(str(LARGEST_ID))
VARIABLE = "FSCDESK_PRACTICE"
DONE, NEEDS_A_PERSON, REFUSED, FAILED = 0, 1, 2, 3
"""Exit statuses: done; done with something that a person has to look at; nothing changed; a bug."""


@dataclass(frozen=True)
class Surroundings:
    """What a command gets from outside: the clock, and how windows are opened and drawn."""

    now: Callable[[], datetime]
    open_window: Callable[[str | None, bool], int]
    draw_screens: Callable[[Path, str | None], int]
    practice: str | None = None


def day_of(text: str) -> date:
    """Read ``2026-03-31`` or ``03/31/2026``."""
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            day = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if not is_office_day(day):
            raise typer.BadParameter(
                f"{text} cannot be meant: days lie between {EARLIEST} and {LATEST}."
            )
        return day
    raise typer.BadParameter(f"{text} is not a day. Write it like 2026-03-31.")


def id_of(text: str) -> int:
    """Read the number by which the books know a record: ``117``."""
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit():
        raise typer.BadParameter(f"{text} is no number of a record. Write it like 117.")
    if len(digits) > LONGEST_ID or int(digits) > LARGEST_ID:
        raise typer.BadParameter(f"{text} is no number of a record: none is so high.")
    return int(digits)


def amount_of(text: str) -> Money:
    """Read ``10`` or ``1,234.50``."""
    try:
        return Money.parse(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not an amount. Write it like 10.00.") from None


PracticeOption = Annotated[
    str | None,
    typer.Option(
        "--practice",
        metavar="PRACTICE",
        envvar=VARIABLE,
        help="The practice: a file, or postgresql://user@server/database.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]
AsOfOption = Annotated[
    date | None,
    typer.Option(
        "--as-of", parser=day_of, metavar="DAY", help="The day of the figures. Left out: today."
    ),
]


def surroundings(ctx: typer.Context) -> Surroundings:
    """Return what the program was started with."""
    found = ctx.find_object(Surroundings)
    if found is None:
        raise RuntimeError("a command needs its surroundings")
    return found


def practice_of(ctx: typer.Context, practice: str | None) -> str:
    """Return the practice that was named, or refuse."""
    wanted = practice or surroundings(ctx).practice
    if not wanted:
        raise Problem(
            "No practice is named.",
            hint=f"Nothing was done. Add --practice FILE, or set {VARIABLE}.",
        )
    return wanted


@contextmanager
def opened(ctx: typer.Context, practice: str | None) -> Iterator[Office]:
    """Open the practice that was named, and close it afterwards."""
    office = open_office(practice_of(ctx, practice), now=surroundings(ctx).now)
    try:
        yield office
    finally:
        office.close()
