"""Writes what changed on a claim, field by field: the one door into its history of changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy.orm.attributes import flag_modified

from fscdesk.models.claim import Claim, ClaimChange, ClaimStatus
from fscdesk.services.claim_statuses import lock_claims
from fscdesk.services.editing import require_version
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work

LONGEST: Final = 300


class FieldChange(NamedTuple):
    """One field that changed, in words; ``line`` is the position of a line, None: the claim."""

    field: str
    old: str
    new: str
    line: int | None = None


def write_changes(
    work: Work, claim_id: int, changes: Iterable[FieldChange], *, source: str = ""
) -> None:
    """Keep changes of a claim; ``source`` names the rule or record that made them."""
    work.db.add_all(
        ClaimChange(
            claim_id=claim_id,
            line=one.line,
            field=one.field,
            old=_cut(one.old),
            new=_cut(one.new),
            source=source,
            at=work.now(),
            staff_id=work.actor.staff_id,
        )
        for one in changes
    )
    work.db.flush()


def locked_claim(work: Work, claim_id: int, expected_version: int) -> Claim:
    """Return a claim for changing, as the person saw it.

    Raises ChangedElsewhere when it is not there, or was changed meanwhile.
    """
    (claim,) = lock_claims(work, [claim_id])
    require_version(claim, expected_version, f"claim {claim.number}")
    return claim


def mark_changed(work: Work, claim: Claim) -> None:
    """Let a claim have a new version though none of its own columns differs.

    Who saw it before does not overwrite what changed beside it: its lines, its successor.
    """
    flag_modified(claim, "note")
    work.db.flush()


def require_status(claim: Claim, allowed: Iterable[ClaimStatus], hint: str) -> None:
    """Raise Problem unless a claim stands where an act is possible; ``hint`` says what is."""
    if claim.status not in set(allowed):
        word = claim.status.value.replace("_", " ")
        raise Problem(f"Claim {claim.number} is {word}.", hint=f"Nothing was changed. {hint}")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
