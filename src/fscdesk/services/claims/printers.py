"""The printers of the office by name, and how far each has to move red forms.

set_printer(work, Printer("Front desk", right=3, down=-2), seen=None)
offset_of(work, "Front desk")                  # drawn 1.5 points to the right, 1 point higher

One printer pulls paper a little lower than the other. What is kept here is the practice's; which
printer a workstation uses, the workstation remembers. One without a name is moved as Setup says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fscdesk.models.setting import Setting
from fscdesk.services.audit import record
from fscdesk.services.claims import policies
from fscdesk.services.editing import changed_elsewhere, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.cms1500 import PrintOffset
from fscdesk.services.work import Topic, Work

__all__ = [
    "FARTHEST",
    "LONGEST_NAME",
    "Printer",
    "forget_printer",
    "known_printer",
    "offset_of",
    "printers",
    "set_printer",
]

FARTHEST: Final = 72
"""Half points: half an inch, far beyond what a printer is off."""
LONGEST_NAME: Final = 40
MOST: Final = 50
_NOTHING: Final = "Nothing was saved."


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer, and by how many half points it moves a form to the right and down."""

    name: str
    right: int = 0
    down: int = 0


def printers(work: Work) -> tuple[Printer, ...]:
    """Return the printers that were adjusted, by name."""
    kept = work.db.get(Setting, policies.PRINTERS)
    return () if kept is None else _read(kept)


def offset_of(work: Work, name: str = "") -> PrintOffset:
    """Return how far a printer moves forms; without a name, as Setup says for all others.

    Raises Problem for a name that none of the office's printers has.
    """
    if not name:
        return PrintOffset(*policies.print_steps(work))
    known = printers(work)
    for one in known:
        if one.name.casefold() == name.casefold():
            return PrintOffset(one.right, one.down)
    names = ", ".join(one.name for one in known)
    raise Problem(
        f"No printer is called {name}.",
        hint=f"Nothing was printed. Adjusted are: {names}."
        if names
        else "Nothing was printed. Adjust it first: Claims, Batches, Printer test page.",
    )


def known_printer(work: Work, name: str) -> str:
    """Return a printer's name as it is kept, or nothing where it was taken off the list."""
    wanted = name.casefold()
    return next((one.name for one in printers(work) if one.name.casefold() == wanted), "")


def set_printer(work: Work, printer: Printer, *, seen: Printer | None) -> Printer:
    """Adjust a printer; ``seen`` is how it stood before, None for a new one. Return it as kept.

    Raises ChangedElsewhere when somebody else has adjusted it meanwhile, Problem for a name that
    another printer has or that is none, and for a move that is too far.
    """
    require(work, Right.SEND_CLAIMS, "adjust printers")
    name = text_of(printer.name, "the printer's name", longest=LONGEST_NAME, required=True)
    for steps in (printer.right, printer.down):
        if not -FARTHEST <= steps <= FARTHEST:
            raise Problem(
                f"{steps} half points is too far.",
                hint=f"{_NOTHING} A form is moved by {FARTHEST} at most, which is half an inch.",
            )
    new = Printer(name, printer.right, printer.down)
    known = _without(work, seen)
    if any(one.name.casefold() == name.casefold() for one in known):
        raise Problem(f"{name} is there already.", hint=f"{_NOTHING} Choose it and change it.")
    if len(known) >= MOST:
        raise Problem(f"{MOST} printers are there.", hint=f"{_NOTHING} Remove one first.")
    if new != seen:
        _keep(work, (*known, new))
        record(work, "set_printer", "setting", None, name=name, right=new.right, down=new.down)
    return new


def forget_printer(work: Work, seen: Printer) -> None:
    """Take a printer off the list. Raises ChangedElsewhere when it was changed meanwhile."""
    require(work, Right.SEND_CLAIMS, "adjust printers")
    _keep(work, _without(work, seen))
    record(work, "forget_printer", "setting", None, name=seen.name)


def _without(work: Work, seen: Printer | None) -> tuple[Printer, ...]:
    kept = work.db.get(Setting, policies.PRINTERS, with_for_update=True, populate_existing=True)
    known = () if kept is None else _read(kept)
    if seen is not None and seen not in known:
        raise changed_elsewhere("this printer")
    return tuple(one for one in known if one != seen)


def _keep(work: Work, known: tuple[Printer, ...]) -> None:
    work.db.merge(
        Setting(
            key=policies.PRINTERS,
            value={one.name: [one.right, one.down] for one in known},
            changed_by=work.actor.staff_id,
            changed_at=work.now(),
        )
    )
    work.db.flush()
    work.touch(Topic.SETTINGS)


def _read(kept: Setting) -> tuple[Printer, ...]:
    found = [Printer(name, int(right), int(down)) for name, (right, down) in kept.value.items()]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))
