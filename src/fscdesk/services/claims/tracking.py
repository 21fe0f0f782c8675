"""Following claims by hand: notes, who looks after one, what is to be done next and when."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimNote
from fscdesk.models.staff import Staff
from fscdesk.services.audit import record
from fscdesk.services.claim_statuses import lock_claims
from fscdesk.services.claims.writing_changes import FieldChange, write_changes
from fscdesk.services.editing import key_of, locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

LONGEST_NOTE = 2000
LONGEST_ACTION = 200
_DOING = "follow claims"


def add_claim_note(work: Work, claim_id: int, text: str, *, request_key: str | None = None) -> int:
    """Write down something about a claim and return the note's id; notes are never changed.

    A command that comes again with its key adds nothing. Raises Problem for an empty note, and
    for a key under which another note stands.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    words = text_of(text, "the note", longest=LONGEST_NOTE, required=True)
    key = key_of(request_key)
    locked(work, Claim, claim_id, "this claim")
    if key is not None:
        kept = work.db.scalar(select(ClaimNote).where(ClaimNote.request_key == key))
        if kept is not None:
            if (kept.claim_id, kept.text) == (claim_id, words):
                return kept.id
            raise Problem(
                "This was sent before under the same key with another text.",
                hint="Nothing was saved. Write the note anew.",
            )
    note = ClaimNote(
        claim_id=claim_id,
        text=words,
        at=work.now(),
        staff_id=work.actor.staff_id,
        request_key=key,
    )
    work.db.add(note)
    work.db.flush()
    digest = hashlib.sha256(words.encode()).hexdigest()[:16]
    record(work, "add_claim_note", "claim", claim_id, note=note.id, digest=digest)
    work.touch(Topic.CLAIMS)
    return note.id


def assign_claims(work: Work, seen: Mapping[int, int], staff_id: int | None) -> int:
    """Give claims to a member of the staff (None: to nobody) and return how many changed hands.

    ``seen`` is the version of each claim that the person saw. Raises ChangedElsewhere where one
    was changed meanwhile; all change hands or none.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    name = ""
    if staff_id is not None:
        person = locked(work, Staff, staff_id, "this member of the staff")
        if not person.active:
            raise Problem(f"{person.name} works here no more.", hint="Nothing was changed.")
        name = person.name
    changed: list[int] = []
    for claim in _as_seen(work, seen):
        if claim.assigned_to == staff_id:
            continue
        old = work.db.get(Staff, claim.assigned_to) if claim.assigned_to is not None else None
        claim.assigned_to = staff_id
        write_changes(
            work, claim.id, [FieldChange("assigned_to", "" if old is None else old.name, name)]
        )
        changed.append(claim.id)
    if changed:
        record(work, "assign_claims", "claim", None, claims=changed, to=staff_id)
        work.touch(Topic.CLAIMS)
    return len(changed)


def plan_next(work: Work, seen: Mapping[int, int], action: str, on: date | None) -> int:
    """Say what is to be done next on claims and when; nothing and no day: nothing is to be done.

    ``seen`` is the version of each claim that the person saw. Returns how many changed. Raises
    Problem for a day without an action and for a day that is over.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    words = text_of(action, "the next action", longest=LONGEST_ACTION)
    if on is not None and not words:
        raise Problem(
            f"What is to be done on {on:%m/%d/%Y} is not said.",
            hint="Nothing was saved. Type it, or take the day away.",
        )
    if on is not None and on < work.today():
        raise Problem(f"{on:%m/%d/%Y} is over.", hint="Nothing was saved. Choose a later day.")
    changed: list[int] = []
    for claim in _as_seen(work, seen):
        found = [
            FieldChange(field, _shown(getattr(claim, field)), _shown(new))
            for field, new in (("next_action", words), ("next_action_on", on))
            if getattr(claim, field) != new
        ]
        if not found:
            continue
        claim.next_action, claim.next_action_on = words, on
        write_changes(work, claim.id, found)
        changed.append(claim.id)
    if changed:
        record(work, "plan_next", "claim", None, claims=changed, on=_shown(on))
        work.touch(Topic.CLAIMS)
    return len(changed)


def _as_seen(work: Work, seen: Mapping[int, int]) -> list[Claim]:
    claims = lock_claims(work, seen)
    for claim in claims:
        require_version(claim, seen[claim.id], f"claim {claim.number}")
    return claims


def _shown(value: str | date | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else value.isoformat()
