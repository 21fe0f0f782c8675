"""Options that the commands of claims share, and how they name claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from fscdesk.services.claims.looking_up import claim_named
from fscdesk.services.errors import Problem
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.work import Work

SHOWN: Final = 12
"""How many reasons and findings are printed for a person; JSON has all of them."""

ClaimOption = Annotated[
    list[str] | None,
    typer.Option("--claim", metavar="CLAIM", help="Only this claim: CLM-2026-00042; repeatable."),
]
PlanOption = Annotated[
    bool, typer.Option("--plan", help="Say what would happen, and write nothing.")
]


def named(claims: Sequence[str] | None) -> Callable[[Work], list[int] | None]:
    """Return what finds the claims that were named; None stands for all of them."""

    def find(work: Work) -> list[int] | None:
        return None if not claims else [claim_named(work, one) for one in claims]

    return find


def read_file(path: Path) -> bytes:
    """Return a file's bytes. Raises Problem, with what to do, where it cannot be read."""
    if path.is_dir():
        raise Problem(
            f"{path.name or path} is a folder. Nothing was read.",
            hint="Name a file inside the folder.",
        )
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Problem(
            f"{path.name} is not there. Nothing was read.",
            hint="It may have been moved or renamed.",
        ) from None
    except OSError as fault:
        raise Problem(
            f"{path.name} could not be read ({fault.strerror or 'bad name'}). Nothing was read.",
            hint="Close it where it is open, or copy it to this computer.",
        ) from None


def save_new(folder: Path, name: str, data: bytes) -> Path:
    """Save a file under a name that is free or has these very bytes, and return where it is."""
    path = folder / name
    if path.exists() and path.read_bytes() != data:
        raise Problem(
            f"{name} is in this folder already and is another file. Nothing was saved.",
            hint="Choose an empty folder.",
        )
    if not path.exists():
        save_bytes(path, data)
    return path


def shortened(lines: Sequence[str]) -> list[str]:
    """Return the first lines for a person, and how many more there are."""
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"  and {more:,} more (--json has all)"] if more > 0 else [])]
