"""Passes over lines of a paid claim that nobody billed, and that are about no money. Pure.

Some payers add a line over 0.00 to a claim. It is told and changes nothing; the claim posts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fscdesk.models.remittance import Fate, Unposted
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    DecidedClaim,
    DecidedLine,
)

_PASSED_OVER: Final = "Nothing was billed of it, and nothing is paid"


def without_idle(claim: AnsweredClaim) -> AnsweredClaim:
    """Return a claim without lines that nobody billed, and that are about no money."""
    lines = tuple(one for one in claim.lines if not _idle(one))
    if not lines or len(lines) == len(claim.lines) or claim.why not in (None, Unposted.NO_LINE):
        return claim
    first = next((one for one in lines if one.why is not None), None)
    why, words = (None, "") if first is None else (first.why, first.words)
    return replace(claim, lines=lines, why=why, words=words)


def with_idle(decided: DecidedClaim, claim: AnsweredClaim) -> DecidedClaim:
    """Return what was decided of a claim, with the lines that ``without_idle`` had left out."""
    own = {one.line.position: one for one in decided.lines}
    lines = tuple(own.get(one.position) or _told(one, decided) for one in claim.lines)
    return replace(decided, claim=claim, lines=lines)


def _told(line: AnsweredLine, decided: DecidedClaim) -> DecidedLine:
    if decided.fate is Fate.POSTED:
        return DecidedLine(line, Fate.POSTED, words=_PASSED_OVER)
    return DecidedLine(line, Fate.UNPOSTED, decided.why, "Waits with its claim")


def _idle(line: AnsweredLine) -> bool:
    money = line.charge or line.paid or any(one.cents for one in line.cas)
    # Once it was passed over, its reason is not kept.
    unknown = line.why in (None, Unposted.NO_LINE) and line.charge_id is None
    return unknown and not money
