"""Posts what the form holds, its papers with it, and says how to take it back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.accounting.attachments import attach
from fscdesk.services.accounting.cost_centres import cost_centres
from fscdesk.services.accounting.journal import (
    ManualEntry,
    PostedEntry,
    post_manual,
    reverse_manual,
)
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.undo import Undo

AT_ONCE: Final = "Taken back right after it was done"
"""The reason of Ctrl+Z."""


def posted_words(made: PostedEntry, entry: ManualEntry, papers: int) -> str:
    """Say what was posted, and that it turned back where the day for that had passed."""
    total = Money(sum(one.cents for one in entry.legs if one.cents > 0))
    kept = f" with {count_text(papers, 'paper')}" if papers else ""
    said = f"Entry {made.number} of {money_text(total)} is posted on {day_text(made.on)}{kept}."
    if made.back is None:
        return said
    return f"{said} The day to turn it back has passed: entry {made.back} did."


def undo_of(made: PostedEntry, late_reason: str | None) -> Undo | None:
    """Return the way back from an entry: its opposite, on the same day; None where it has one."""
    if made.back is not None:
        return None

    def back(work: Work) -> str:
        turned = reverse_manual(work, made.id, reason=AT_ONCE, on=made.on, late_reason=late_reason)
        return f"Entry {made.number} is turned back by {turned.number}."

    return Undo(f"entry {made.number}", back)


def post_with(entry: ManualEntry, papers: tuple[Path, ...], work: Work) -> PostedEntry:
    """Post an entry and keep its papers with it: both, or neither."""
    given = [(path.name, read_paper(path)) for path in papers]
    made = post_manual(work, entry)
    for name, data in given:
        attach(work, made.id, name, data)
    return made


def read_paper(path: Path) -> bytes:
    """Return the bytes of a file. Raises Problem where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise Problem(
            f"{path.name} cannot be read: {fault.strerror}.",
            hint="Nothing was posted. Look at the file, or leave it out.",
        ) from None


def centres_in_use(work: Work) -> list[tuple[str, str]]:
    """Return the cost centres that a line can carry: code, and code with name."""
    return [(one.code, f"{one.code} {one.name}") for one in cost_centres(work, also_inactive=False)]
