"""Which of our lines the lines of one answered claim are about; never between two equals. Pure.

In this order: our own line id, where the day and the charge or the code agree with it; code, day
and charge, told apart by modifiers (in any order) and units. A code that the payer changed is
looked for as it was billed. Where two of our lines are equal and as many are answered, it
matters only what is said: the same of each, and they are taken in order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from fscdesk.models.remittance import Unposted
from fscdesk.models.values import Money
from fscdesk.services.remittances.answered import AnsweredLine, MatchedBy

__all__ = ["FoundClaim", "OurLine", "Placed", "day_fits", "place"]

_TWO: Final = 2


class OurLine(NamedTuple):
    """A charge as it was billed; ``claim_line_id`` and ``claim_id`` are 0 without a claim."""

    charge_id: int
    claim_line_id: int
    claim_id: int
    patient_id: int
    day: date
    code: str
    modifiers: frozenset[str]
    units: int
    cents: int
    voided: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """What a line is about, or why that cannot be said."""

    ours: OurLine | None
    by: str = ""
    why: Unposted | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """What a claim is about: its client, our claim, its lines; ``why`` is of all of it."""

    patient_id: int | None
    by: str
    placed: tuple[Placed, ...]
    claim_id: int | None = None
    why: Unposted | None = None
    words: str = ""


def place(
    lines: Sequence[AnsweredLine],
    ours: Sequence[OurLine],
    *,
    by: MatchedBy,
    named: Mapping[int, OurLine] | None = None,
    whole: bool = False,
) -> list[Placed]:
    """Return for each line of one claim which of ``ours`` it is about.

    ``named`` are ours by the index of the line that carries their id. ``whole`` says that
    ``ours`` is one claim of ours, complete: its only line is meant even where the payer names
    another code. What is found is ``by``. A line that a person chose has no place of ours.
    """
    chosen = {line.charge_id for line in lines if _is_chosen(line)}
    ours = [one for one in ours if one.charge_id not in chosen] if chosen else ours
    found: dict[int, Placed] = {}
    for at, line in enumerate(lines):
        one = (named or {}).get(at)
        if _is_chosen(line):
            found[at] = Placed(None, MatchedBy.HAND)
        elif one is not None and one.charge_id not in chosen and _agrees(line, one):
            found[at] = Placed(one, MatchedBy.LINE_ID)
    _clear_twice(lines, found)
    _in_parts(lines, ours, found, by)
    left = {at: line for at, line in enumerate(lines) if at not in found}
    if left:
        _by_content(left, ours, found, by)
    only = ours[0] if len(lines) == 1 and whole and len(ours) == 1 else None
    for at, line in enumerate(lines):
        if at not in found:
            found[at] = _the_rest(line, ours, only, found, by)
    return _checked(lines, found)


def _is_chosen(line: AnsweredLine) -> bool:
    return line.matched_by == MatchedBy.HAND and line.charge_id is not None


def day_fits(line: AnsweredLine, day: date) -> bool:
    """Return whether a day is in the days that a line names; without days all are."""
    if line.first_day is None:
        return True
    return line.first_day <= day <= (line.last_day or line.first_day)


def _agrees(line: AnsweredLine, one: OurLine) -> bool:
    return day_fits(line, one.day) and (abs(line.charge) == one.cents or _billed(line) == one.code)


def _billed(line: AnsweredLine) -> str:
    return line.billed_code or line.code


def _by_content(
    left: Mapping[int, AnsweredLine],
    ours: Sequence[OurLine],
    found: dict[int, Placed],
    by: MatchedBy,
) -> None:
    """Place lines by what they say; each that is sure leaves fewer for the others."""
    taken = {one.ours.charge_id for one in found.values() if one.ours is not None}
    by_key: dict[tuple[str, int], list[OurLine]] = {}
    for one in ours:
        by_key.setdefault((one.code, one.cents), []).append(one)
    open_lines = {
        at: _narrowed(line, by_key.get((_billed(line), abs(line.charge)), ()))
        for at, line in left.items()
        if line.itemised
    }
    single = {may[0].charge_id for may in open_lines.values() if len(may) == 1}
    if len(single) == len(open_lines) and single.isdisjoint(taken):  # as in nearly all claims
        found.update((at, Placed(may[0], by)) for at, may in open_lines.items())
        return
    while (group := _closed_group(open_lines, taken)) is not None:
        charges, those = group
        sure = _says_the_same(left, those)
        for at, charge_id in zip(those, charges, strict=True):
            may = open_lines.pop(at)
            chosen = next(one for one in may if one.charge_id == charge_id)
            found[at] = Placed(chosen, by) if sure else _alike(left[at], len(charges))
            taken.add(charge_id)
    for at, may in open_lines.items():
        free = [one for one in may if one.charge_id not in taken]
        if may:
            found[at] = _alike(left[at], len(free)) if len(free) > 1 else _twice(left[at])


def _closed_group(
    open_lines: Mapping[int, Sequence[OurLine]], taken: Collection[int]
) -> tuple[tuple[int, ...], list[int]] | None:
    """Return charges, and as many lines that can only be about these; the fewest first.

    No other line can be about them then, also where it cannot be said which is which.
    """
    groups: dict[tuple[int, ...], list[int]] = {}
    for at, may in open_lines.items():
        key = tuple(one.charge_id for one in may if one.charge_id not in taken)
        groups.setdefault(key, []).append(at)
    for key in sorted(groups, key=len):
        if key and len(key) == len(groups[key]):
            return key, groups[key]
    return None


def _narrowed(line: AnsweredLine, ours: Sequence[OurLine]) -> list[OurLine]:
    """Return those of ours that a line fits best: standing ones, by modifiers, by units."""
    found = [one for one in ours if day_fits(line, one.day)]
    if len(found) < _TWO:
        return found
    tests: list[Callable[[OurLine], bool]] = [lambda one: not one.voided]
    if not line.billed_code and line.modifiers:
        wanted = frozenset(line.modifiers)
        tests.append(lambda one: one.modifiers == wanted)
    tests.append(lambda one: str(one.units) == (line.units or "1"))
    for test in tests:
        if len(found) > 1:
            found = [one for one in found if test(one)] or found
    return found


def _says_the_same(lines: Mapping[int, AnsweredLine], those: Sequence[int]) -> bool:
    """Return whether it does not matter which of these lines is about which of ours."""
    said = {
        (one.code, one.charge, one.paid, one.allowed, tuple(sorted(one.cas)), one.remarks)
        for one in (lines[at] for at in those)
    }
    return len(said) == 1


def _clear_twice(lines: Sequence[AnsweredLine], found: dict[int, Placed]) -> None:
    """Leave open what several lines of one claim say of one line of ours, if they are no parts."""
    by_charge: dict[int, list[int]] = {}
    for at, placed in found.items():
        if placed.ours is not None:
            by_charge.setdefault(placed.ours.charge_id, []).append(at)
    for those in by_charge.values():
        one = found[those[0]].ours
        if len(those) > 1 and one is not None and not _add_up(lines, those, one):
            for at in those:
                found[at] = _twice(lines[at])


def _in_parts(
    lines: Sequence[AnsweredLine],
    ours: Sequence[OurLine],
    found: dict[int, Placed],
    by: MatchedBy,
) -> None:
    """Place several lines on the one service of ours to which their charges add up."""
    groups: dict[tuple[str, date | None], list[int]] = {}
    for at, line in enumerate(lines):
        if at not in found and line.itemised:
            groups.setdefault((_billed(line), line.first_day), []).append(at)
    for (code, _), those in groups.items():
        if len(those) > 1:
            same = [one for one in ours if one.code == code and day_fits(lines[those[0]], one.day)]
            live = [one for one in same if not one.voided] or same
            if len(live) == 1 and _add_up(lines, those, live[0]):
                found.update((at, Placed(live[0], by)) for at in those)


def _add_up(lines: Sequence[AnsweredLine], those: Sequence[int], one: OurLine) -> bool:
    return abs(sum(lines[at].charge for at in those)) == one.cents


def _not_itemised(line: AnsweredLine, ours: Sequence[OurLine], by: MatchedBy) -> Placed:
    """Return the only line of a claim that was answered as a whole."""
    fitting = [one for one in ours if day_fits(line, one.day)]
    live = [one for one in fitting if not one.voided] or fitting
    if len(live) == 1 and live[0].cents == abs(line.charge):
        return Placed(live[0], by)
    words = "The payer answered the claim as a whole, without its services"
    return Placed(None, "", Unposted.NOT_ITEMISED, f"{words}.")


def _the_rest(
    line: AnsweredLine,
    ours: Sequence[OurLine],
    only: OurLine | None,
    found: Mapping[int, Placed],
    by: MatchedBy,
) -> Placed:
    """Return the only line that can be meant, one with another amount, or that there is none."""
    if not line.itemised:
        return _not_itemised(line, ours, by)
    if only is not None and day_fits(line, only.day) and abs(line.charge) == only.cents:
        return Placed(only, by)
    taken = {one.ours.charge_id for one in found.values() if one.ours is not None}
    same = [
        one
        for one in ours
        if one.code == _billed(line) and day_fits(line, one.day) and one.charge_id not in taken
    ]
    same = _narrowed(line, same)
    if len(same) == 1:
        return Placed(same[0], by)
    return Placed(None, "", Unposted.NO_LINE, f"Nothing was billed as {_told(line)}.")


def _checked(lines: Sequence[AnsweredLine], found: Mapping[int, Placed]) -> list[Placed]:
    """Return what was found in order, and what is wrong with it: voided, or another amount."""
    charged: dict[int, int] = {}
    for at, placed in found.items():
        if placed.ours is not None:
            charge_id = placed.ours.charge_id
            charged[charge_id] = charged.get(charge_id, 0) + lines[at].charge
    return [_right(found[at], charged) for at in range(len(lines))]


def _right(placed: Placed, charged: Mapping[int, int]) -> Placed:
    ours = placed.ours
    if ours is None:
        return placed
    if ours.voided:
        words = f"{ours.code} of {ours.day:%m/%d/%Y} was voided since it was billed."
        return Placed(ours, placed.by, Unposted.VOIDED, words)
    if ours.cents != abs(charged[ours.charge_id]):
        said, billed = Money(abs(charged[ours.charge_id])), Money(ours.cents)
        words = f"It was billed with {billed}, and the payer answers {said}."
        return Placed(ours, placed.by, Unposted.AMOUNT_DIFFERS, words)
    return placed


def _alike(line: AnsweredLine, count: int) -> Placed:
    words = f"{count} services are equal to {_told(line)}; the payer does not say which it means."
    return Placed(None, "", Unposted.TWO_ALIKE, words)


def _twice(line: AnsweredLine) -> Placed:
    words = f"The payer answers {_told(line)} more often than it was billed."
    return Placed(None, "", Unposted.TWO_ALIKE, words)


def _told(line: AnsweredLine) -> str:
    code = " ".join((_billed(line) or "a service without a code", *line.modifiers))
    day = f" of {line.first_day:%m/%d/%Y}" if line.first_day else ""
    return f"{code}{day} for {Money(abs(line.charge))}"
