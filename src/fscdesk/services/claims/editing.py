"""Changes of a claim before it goes (again): its own fields and lines, and holding it back.

What a claim takes from elsewhere (names, ids, prices) is mended there (``mending.py``). Each
field that differs is kept with old and new; the claim is checked again at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import delete, select

from fscdesk.models.claim import Claim, ClaimDiagnosis, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.claim_rule import Referral
from fscdesk.models.coverage import Authorization
from fscdesk.models.practice import Location
from fscdesk.models.provider import Provider
from fscdesk.services.audit import record
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.writing_changes import (
    FieldChange,
    locked_claim,
    mark_changed,
    require_status,
    write_changes,
)
from fscdesk.services.editing import changed_elsewhere, locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

EDITABLE: Final = (ClaimStatus.DRAFT, ClaimStatus.SCRUBBED, ClaimStatus.REJECTED)
"""What is not at a payer can be changed; the rest is corrected by another claim."""
UNSENT: Final = EDITABLE[:2]
MOST_DIAGNOSES: Final = 12
MOST_MODIFIERS: Final = 4
MOST_POINTERS: Final = 4
_CORRECT: Final = "What was sent is corrected by a new claim: Correct."
_ICD: Final = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?")
_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}", re.ASCII)
_PLACE: Final = re.compile(r"\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class LineEdits:
    """What can be changed of a line. ``place_of_service`` empty: the claim's.

    ``pointers`` are positions of diagnoses. Code, units and amount are the charge's.
    """

    modifiers: tuple[str, ...] = ()
    place_of_service: str = ""
    pointers: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True)
class ClaimEdits:
    """What can be changed of a claim, all of it as it shall be; ``lines`` by line id."""

    rendering_id: int
    supervising_id: int | None = None
    referral_id: int | None = None
    location_id: int | None = None
    authorization_id: int | None = None
    place_of_service: str = ""
    frequency: Frequency = Frequency.ORIGINAL
    original_number: str = ""
    note: str = ""
    diagnoses: tuple[str, ...] = ()
    lines: Mapping[int, LineEdits] = field(default_factory=dict)

    def with_line(self, line_id: int, **values: Any) -> ClaimEdits:
        """Return these edits with some fields of one line changed."""
        line = replace(self.lines[line_id], **values)
        return replace(self, lines={**self.lines, line_id: line})


TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rendering_id": "Rendering provider",
        "supervising_id": "Supervising provider",
        "referral_id": "Referral",
        "location_id": "Location",
        "authorization_id": "Authorization",
        "place_of_service": "Place of service",
        "frequency": "Frequency",
        "original_number": "Payer's number of the original",
        "note": "Note",
        "diagnoses": "Diagnoses",
        "modifiers": "Modifiers",
        "pointers": "Pointers",
        "answer": "Answer",
        "held_for": "Held",
        "payer_number": "Payer's claim number",
        "assigned_to": "Assigned to",
        "next_action": "Next action",
        "next_action_on": "Next action on",
        "appeal": "Appeal",
    }
)
"""The fields of a claim's history in words."""


def edits_of(work: Work, claim_id: int) -> ClaimEdits:
    """Return a claim's own fields as they are, to change some and give them back."""
    claim = work.db.get(Claim, claim_id)
    if claim is None:
        raise changed_elsewhere("this claim")
    return _edits(work, claim)


def edit_claim(work: Work, claim_id: int, changes: ClaimEdits, *, expected_version: int) -> bool:
    """Change a claim that no payer has, and check it again; return whether anything differed.

    Raises ChangedElsewhere for a claim changed meanwhile, Problem for one that was sent and for
    what cannot stand on a claim. A rejected one stays rejected until it is sent again.
    """
    require(work, Right.MAKE_CLAIMS, "change claims")
    claim = locked_claim(work, claim_id, expected_version)
    require_status(claim, EDITABLE, _CORRECT)
    now, new = _edits(work, claim), _checked(work, claim, changes)
    found = [*_differences(work, now, new), *_line_differences(work, claim_id, now, new)]
    if not found:
        return False
    for name in _OWN:
        setattr(claim, name, getattr(new, name))
    if new.diagnoses != now.diagnoses:
        _write_diagnoses(work, claim_id, new.diagnoses)
    for line in work.db.scalars(select(ClaimLine).where(ClaimLine.claim_id == claim_id)):
        wanted = new.lines[line.id]
        line.modifiers = " ".join(wanted.modifiers)
        line.place_of_service = wanted.place_of_service
        line.pointers = " ".join(map(str, wanted.pointers))
    mark_changed(work, claim)
    write_changes(work, claim_id, found)
    record(work, "edit_claim", "claim", claim_id, fields=sorted({one.field for one in found}))
    work.touch(Topic.CLAIMS)
    scrub_claims(work, [claim_id])
    return True


def hold_claim(work: Work, claim_id: int, reason: str, *, expected_version: int) -> None:
    """Keep a claim back until somebody releases it. Raises Problem without a reason."""
    require(work, Right.MAKE_CLAIMS, "hold claims")
    why = text_of(reason, "the reason", longest=300, required=True)
    claim = locked_claim(work, claim_id, expected_version)
    require_status(claim, EDITABLE, "Only what is not sent yet can be held.")
    if claim.held_for == why:
        return
    _hold(work, claim, why)
    record(work, "hold_claim", "claim", claim_id)


def release_claim(work: Work, claim_id: int, *, expected_version: int) -> None:
    """Let a claim that was held go on; it is checked again. Raises Problem if it is not held."""
    require(work, Right.MAKE_CLAIMS, "release claims")
    claim = locked_claim(work, claim_id, expected_version)
    if not claim.held_for:
        raise Problem(f"Claim {claim.number} is not held.", hint="Nothing was changed.")
    _hold(work, claim, "")
    record(work, "release_claim", "claim", claim_id)


def _hold(work: Work, claim: Claim, why: str) -> None:
    claim_id, old, claim.held_for = claim.id, claim.held_for, why
    work.db.flush()
    write_changes(work, claim_id, [FieldChange("held_for", old, why)])
    work.touch(Topic.CLAIMS)
    scrub_claims(work, [claim_id])


_OWN = (
    "rendering_id",
    "supervising_id",
    "referral_id",
    "location_id",
    "authorization_id",
    "place_of_service",
    "frequency",
    "original_number",
    "note",
)


def _edits(work: Work, claim: Claim) -> ClaimEdits:
    diagnoses = work.db.scalars(
        select(ClaimDiagnosis.code)
        .where(ClaimDiagnosis.claim_id == claim.id)
        .order_by(ClaimDiagnosis.position)
    )
    lines = work.db.execute(
        select(ClaimLine.id, ClaimLine.modifiers, ClaimLine.place_of_service, ClaimLine.pointers)
        .where(ClaimLine.claim_id == claim.id)
        .order_by(ClaimLine.position)
    )
    return ClaimEdits(
        **{name: getattr(claim, name) for name in _OWN},
        diagnoses=tuple(diagnoses),
        lines={
            row.id: LineEdits(
                tuple(row.modifiers.split()),
                row.place_of_service,
                tuple(int(one) for one in row.pointers.split()),
            )
            for row in lines
        },
    )


def _checked(work: Work, claim: Claim, new: ClaimEdits) -> ClaimEdits:
    """Return edits as they are kept. Raises Problem for what cannot stand on a claim."""
    _require_known(work, claim, new)
    known = set(work.db.scalars(select(ClaimLine.id).where(ClaimLine.claim_id == claim.id)))
    if set(new.lines) != known:
        raise changed_elsewhere(f"claim {claim.number}")
    diagnoses = tuple(_diagnosis(one) for one in new.diagnoses)
    if len(diagnoses) > MOST_DIAGNOSES or len(set(diagnoses)) != len(diagnoses):
        raise Problem(
            f"A claim carries up to {MOST_DIAGNOSES} diagnoses, each once.",
            hint="Nothing was saved. Take one out.",
        )
    _require_frequency(claim, new.frequency)
    number = text_of(new.original_number, "the payer's number", longest=50)
    if new.frequency is not Frequency.ORIGINAL and not number:
        raise Problem(
            "A corrected or void claim names the payer's number of the original.",
            hint="Nothing was saved. Type it, or send the claim as an original.",
        )
    return replace(
        new,
        place_of_service=_place(new.place_of_service),
        original_number=number,
        note=text_of(new.note, "the note", longest=80),
        diagnoses=diagnoses,
        lines={one: _line(line, len(diagnoses)) for one, line in new.lines.items()},
    )


def _require_frequency(claim: Claim, new: Frequency) -> None:
    """Raise Problem where a claim would become, or stop being, one that takes another back.

    Only ``void_claim`` makes an 8, of a claim that the payer has. A 7 may be typed: what was sent
    before fscdesk is corrected by its number.
    """
    if new is claim.frequency:
        return
    if Frequency.VOID in (new, claim.frequency):
        raise Problem(
            "A claim that takes another back (8) is made from that one, and stays what it is.",
            hint="Nothing was saved. Open the claim that the payer has and choose Void; drop this "
            "one if it shall not go.",
        )
    if new is Frequency.ORIGINAL and claim.replaces_id is not None:
        raise Problem(
            f"Claim {claim.number} corrects another one, so it is no original.",
            hint="Nothing was saved. Drop it, and correct that one as an original.",
        )


def _require_known(work: Work, claim: Claim, new: ClaimEdits) -> None:
    """Raise Problem for a record that is not there, or is of somebody else."""
    for one, model, what in (
        (new.rendering_id, Provider, "the rendering provider"),
        (new.supervising_id, Provider, "the supervising provider"),
        (new.location_id, Location, "the location"),
    ):
        if one is not None:
            locked(work, model, one, what)
    if new.referral_id is not None:
        referral = locked(work, Referral, new.referral_id, "the referral")
        _require_own(referral.patient_id == claim.patient_id, "This referral")
    if new.authorization_id is not None:
        granted = locked(work, Authorization, new.authorization_id, "the authorization")
        own = (granted.patient_id, granted.payer_id) == (claim.patient_id, claim.payer_id)
        _require_own(own, f"Authorization {granted.number}")


def _require_own(own: bool, what: str) -> None:
    if not own:
        raise Problem(
            f"{what} is another client's, or another payer's.",
            hint="Nothing was saved. Choose one of this claim's client and payer.",
        )


def _line(line: LineEdits, diagnoses: int) -> LineEdits:
    modifiers = tuple(one.strip().upper() for one in line.modifiers if one.strip())
    odd = [one for one in modifiers if _MODIFIER.fullmatch(one) is None]
    if odd:
        raise Problem(
            f"{odd[0]} is not a modifier.",
            hint="Nothing was saved. It has two letters or digits, like 95.",
        )
    if len(modifiers) > MOST_MODIFIERS or len(set(modifiers)) != len(modifiers):
        raise Problem(
            f"A line carries up to {MOST_MODIFIERS} modifiers, each once.",
            hint="Nothing was saved. Take one out.",
        )
    pointers = tuple(line.pointers)
    wrong = [one for one in pointers if not 1 <= one <= max(diagnoses, 1)]
    if not pointers or wrong or len(set(pointers)) != len(pointers):
        raise Problem(
            "A line points to one or more of the claim's diagnoses, each once.",
            hint=f"Nothing was saved. The claim has {diagnoses}.",
        )
    if len(pointers) > MOST_POINTERS:
        raise Problem(
            f"A line points to up to {MOST_POINTERS} diagnoses.",
            hint="Nothing was saved. Keep those that matter most.",
        )
    return LineEdits(modifiers, _place(line.place_of_service), pointers)


def _place(text: str) -> str:
    place = text.strip()
    if place and _PLACE.fullmatch(place) is None:
        raise Problem(
            f"{place} is not a place of service.",
            hint="Nothing was saved. It has two digits: 11 is an office, 10 video at home.",
        )
    return place


def _diagnosis(text: str) -> str:
    code = text.strip().upper()
    if _ICD.fullmatch(code) is None:
        raise Problem(
            f"{code or 'Nothing'} is not an ICD-10 code.",
            hint="Nothing was saved. Write it like F41.1.",
        )
    plain = code.replace(".", "")
    return plain if len(plain) == len("F41") else f"{plain[:3]}.{plain[3:]}"


def _differences(work: Work, old: ClaimEdits, new: ClaimEdits) -> list[FieldChange]:
    found = [
        FieldChange(name, _words(work, name, old), _words(work, name, new))
        for name in _OWN
        if getattr(old, name) != getattr(new, name)
    ]
    if old.diagnoses != new.diagnoses:
        words = (", ".join(old.diagnoses), ", ".join(new.diagnoses))
        found.append(FieldChange("diagnoses", *words))
    return found


def _line_differences(
    work: Work, claim_id: int, old: ClaimEdits, new: ClaimEdits
) -> list[FieldChange]:
    places: Mapping[int, int] = {
        row[0]: row[1]
        for row in work.db.execute(
            select(ClaimLine.id, ClaimLine.position)
            .where(ClaimLine.claim_id == claim_id)
            .order_by(ClaimLine.position)
        )
    }
    found: list[FieldChange] = []
    for line_id, position in places.items():
        was, now = old.lines[line_id], new.lines[line_id]
        for name in ("modifiers", "place_of_service", "pointers"):
            before, after = getattr(was, name), getattr(now, name)
            if before != after:
                found.append(FieldChange(name, _joined(before), _joined(after), position))
    return found


def _joined(value: str | Sequence[str | int]) -> str:
    return value if isinstance(value, str) else " ".join(map(str, value))


def _words(work: Work, name: str, edits: ClaimEdits) -> str:
    """Return a field's value as people read it: who, where, which number."""
    value = getattr(edits, name)
    if value is None:
        return ""
    named: Mapping[str, tuple[type[Any], str]] = {
        "rendering_id": (Provider, "name"),
        "supervising_id": (Provider, "name"),
        "referral_id": (Referral, "last_name"),
        "location_id": (Location, "name"),
        "authorization_id": (Authorization, "number"),
    }
    if name in named:
        model, attribute = named[name]
        return str(getattr(work.db.get_one(model, value), attribute))
    return str(value.value if isinstance(value, Frequency) else value)


def _write_diagnoses(work: Work, claim_id: int, codes: Sequence[str]) -> None:
    work.db.execute(delete(ClaimDiagnosis).where(ClaimDiagnosis.claim_id == claim_id))
    work.db.add_all(
        ClaimDiagnosis(claim_id=claim_id, position=position, code=code)
        for position, code in enumerate(codes, 1)
    )
