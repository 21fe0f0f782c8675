"""What a person types on a claim's page: where it is kept, and which claim takes it.

A claim that no payer has is changed itself; what it takes from elsewhere is mended there. A claim
that was decided is never changed: typing on it makes the corrected claim (7) with that change,
held until somebody puts it into the batch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from fscdesk.models.claim import Claim, ClaimStatus, Frequency
from fscdesk.services.claim_standing import BEING_CORRECTED
from fscdesk.services.claims.authorizations import AuthorizationFields, add_authorization
from fscdesk.services.claims.correcting import CORRECTABLE, correct_claim, resend_rejected
from fscdesk.services.claims.editing import (
    EDITABLE,
    UNSENT,
    ClaimEdits,
    edit_claim,
    edits_of,
    hold_claim,
    release_claim,
)
from fscdesk.services.claims.listing import claim_row
from fscdesk.services.claims.mending import is_mendable, mend_source, source_of
from fscdesk.services.claims.writing_changes import require_status
from fscdesk.services.editing import changed_elsewhere
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

CORRECTING: Final = BEING_CORRECTED
"""Why a corrected claim is held that is not in a batch yet."""
OWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rendering": "rendering_id",
        "supervising": "supervising_id",
        "referral": "referral_id",
        "facility": "location_id",
        "authorization": "authorization_id",
        "place_of_service": "place_of_service",
        "frequency": "frequency",
        "original_number": "original_number",
        "note": "note",
        "diagnoses": "diagnoses",
    }
)
"""A claim's own fields: by their name on the page, the one that is kept."""
OF_LINES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "line_modifiers": "modifiers",
        "line_pointers": "pointers",
        "line_place_of_service": "place_of_service",
    }
)
"""The same for a line's own fields."""
_BETWEEN: Final = re.compile(r"[\s,;/]+")
_LETTERS: Final = "ABCDEFGHIJKL"


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as it shall be; ``line`` is a line's position.

    ``value`` is the text that was typed, or the id of what was chosen. ``source_version`` is that
    of the record from which the field comes (``mending.source_of``), None for the claim's own.
    """

    field: str
    value: Any
    line: int | None = None
    source_version: int | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What typing did, and to which claim: ``made`` says that it is a new one, the correction.

    ``before`` and ``after`` are its own fields; ``sources`` names the records that were mended
    and ``others`` counts the other claims that were checked again with them.
    """

    claim_id: int
    number: str
    made: bool
    frequency: Frequency
    before: ClaimEdits
    after: ClaimEdits
    sources: tuple[str, ...] = ()
    others: int = 0


@dataclass(frozen=True, slots=True)
class Put:
    """A claim that goes with the next batch; ``why`` says what keeps it where it does not.

    ``made`` says that it is a new claim, ``back`` that it can be held again, and ``resent`` that it
    was rejected before.
    """

    claim_id: int
    number: str
    ready: bool
    why: str
    frequency: Frequency
    original_number: str
    made: bool
    back: bool
    resent: bool = False


def is_own(field: str) -> bool:
    """Return whether a field of the page is the claim's own."""
    return field in OWN or field in OF_LINES


def change_fields(
    work: Work, claim_id: int, typed: Sequence[Typed], *, expected_version: int
) -> Changed:
    """Save what was typed, all of it or nothing, and return which claim took it.

    Raises ChangedElsewhere when claim or source were changed meanwhile, Problem for what cannot
    stand on a claim, and for one that a payer has and has not decided.
    """
    require(work, Right.MAKE_CLAIMS, "change claims")
    claim = _claim(work, claim_id)
    made = claim.status not in EDITABLE
    target = claim_id
    if made:
        require_status(claim, CORRECTABLE, "It is corrected once the payer has decided it.")
        target = _corrected(work, claim, expected_version)
    before = edits_of(work, target)
    after = _edited(before, [one for one in typed if is_own(one.field)])
    if after != before:
        seen = _claim(work, target).version if made else expected_version
        edit_claim(work, target, after, expected_version=seen)
        after = edits_of(work, target)
    elif not made and not typed:
        raise Problem("Nothing was typed.", hint="Nothing was changed.")
    sources, others = _mend(work, target, [one for one in typed if not is_own(one.field)])
    if made:
        hold_claim(work, target, CORRECTING, expected_version=_claim(work, target).version)
    now = _claim(work, target)
    return Changed(
        target, now.number, made, now.frequency, before, after, tuple(sources), len(others)
    )


def add_authorization_for(
    work: Work, claim_id: int, fields: AuthorizationFields, *, expected_version: int
) -> Changed:
    """Add an authorization to the claim's client, and let the claim name it; both or neither.

    Raises what ``add_authorization`` and ``change_fields`` raise.
    """
    require(work, Right.MAKE_CLAIMS, "change claims")
    added = add_authorization(work, _claim(work, claim_id).patient_id, fields)
    typed = [Typed("authorization", added)]
    return change_fields(work, claim_id, typed, expected_version=expected_version)


def put_in_batch(work: Work, claim_id: int, *, expected_version: int) -> Put:
    """Let a claim go with the next batch as what it must go: 7, or as an original.

    A rejected claim goes again as it is; of a decided one the correction is made, without any
    change where there is none yet; one that is held is released. Raises Problem for any other.
    """
    require(work, Right.MAKE_CLAIMS, "send claims again")
    claim = _claim(work, claim_id)
    made = back = resent = False
    if claim.status is ClaimStatus.REJECTED:
        resend_rejected(work, {claim_id: expected_version})
        resent = True
    elif claim.status in CORRECTABLE:
        claim_id, made = _corrected(work, claim, expected_version), True
    elif claim.status in UNSENT and claim.held_for:
        release_claim(work, claim_id, expected_version=expected_version)
        back = True
    else:
        require_status(claim, (), "Only what was decided, rejected or held is put into a batch.")
    now, row = _claim(work, claim_id), claim_row(work, claim_id)
    return Put(
        claim_id,
        now.number,
        row.ready,
        row.why_held,
        now.frequency,
        now.original_number,
        made,
        back,
        resent,
    )


def take_from_batch(work: Work, claim_id: int, reason: str = CORRECTING) -> str:
    """Hold a claim again that was put into the batch, and return its number: the way back.

    Raises Problem when it was sent meanwhile.
    """
    claim = _claim(work, claim_id)
    hold_claim(work, claim_id, reason, expected_version=claim.version)
    return claim.number


def put_back(work: Work, changed: Changed) -> str:
    """Give a claim the own fields that it had before a change, and return its number.

    Raises Problem when it was changed again since.
    """
    if edits_of(work, changed.claim_id) != changed.after:
        raise Problem(
            f"Claim {changed.number} was changed again since then.",
            hint="Nothing was undone. Look at it, and change what is wrong.",
        )
    version = _claim(work, changed.claim_id).version
    edit_claim(work, changed.claim_id, changed.before, expected_version=version)
    return changed.number


def _claim(work: Work, claim_id: int) -> Claim:
    claim = work.db.get(Claim, claim_id)
    if claim is None:
        raise changed_elsewhere("this claim")
    return claim


def _corrected(work: Work, claim: Claim, expected_version: int) -> int:
    """Make the corrected claim; without the payer's number it can only be an original."""
    return correct_claim(
        work,
        claim.id,
        expected_version=expected_version,
        as_original=not claim.payer_number,
    )


def _edited(now: ClaimEdits, typed: Sequence[Typed]) -> ClaimEdits:
    by_position = dict(enumerate(now.lines, 1))
    for one in typed:
        if one.field in OWN:
            now = replace(now, **{OWN[one.field]: _kept(one.field, one.value)})
            continue
        line_id = by_position.get(one.line or 0)
        if line_id is None:
            raise changed_elsewhere("this claim")
        now = now.with_line(line_id, **{OF_LINES[one.field]: _kept(one.field, one.value)})
    return now


def _kept(field: str, value: Any) -> Any:
    if field in ("diagnoses", "line_modifiers"):
        return tuple(one.upper() for one in _BETWEEN.split(str(value)) if one)
    if field == "line_pointers":
        return pointers_of(str(value))
    if field == "frequency":
        return Frequency(str(value))
    return value


def pointers_of(text: str) -> tuple[int, ...]:
    """Read ``A B``, ``AB`` or ``1 2`` as positions of diagnoses. Raises Problem for others."""
    found: list[int] = []
    for word in _BETWEEN.split(text.strip().upper()):
        if word.isdecimal():
            found.append(int(word))
        elif all(letter in _LETTERS for letter in word):
            found += [_LETTERS.index(letter) + 1 for letter in word]
        else:
            raise Problem(
                f"{text.strip()} points to no diagnosis.",
                hint="Nothing was saved. Write the letters of the diagnoses, like A B.",
            )
    return tuple(found)


def letters_of(pointers: Sequence[int]) -> str:
    """Return positions of diagnoses as a form has them: ``A B``."""
    return " ".join(_LETTERS[one - 1] for one in pointers if 1 <= one <= len(_LETTERS))


def _mend(work: Work, claim_id: int, typed: Sequence[Typed]) -> tuple[list[str], set[int]]:
    sources: list[str] = []
    others: set[int] = set()
    mended: dict[tuple[str, int], int] = {}
    for one in typed:
        if not is_mendable(one.field):
            raise Problem(
                "This cannot be changed on a claim.",
                hint="Nothing was saved. It is the session's or the price list's.",
            )
        source = source_of(work, claim_id, one.field)
        key = (source.noun, source.id)
        # A second field of one record: its first one has counted the version on.
        seen = source.version if key in mended else one.source_version
        if seen is None:
            raise changed_elsewhere(source.words)
        done = mend_source(work, claim_id, one.field, one.value, expected_version=seen)
        mended[key] = source.id
        if source.words not in sources:
            sources.append(source.words)
        others |= set(done.claims)
    return sources, others - {claim_id}
