"""Visits and units that payers approved: typed in, counted when claims go, given back after.

A claim names one authorization; each of its lines takes from it when the claim is sent: a visit, or
its units. Add-ons go with the visit that they add to. What is taken back gives it back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import func, select

from fscdesk.models.claim import Claim, ClaimLine, Frequency
from fscdesk.models.coverage import Authorization, AuthorizationUse, Counts
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.services.authorization_uses import (
    locked_authorizations,
    quantity_of,
    release_uses,
    uses_wanted,
)
from fscdesk.services.claim_standing import FALLEN, UNSENT
from fscdesk.services.claims.authorization_rows import (
    SORTS,
    VIEWS,
    AuthorizationFields,
    AuthorizationFilter,
    AuthorizationRow,
    Warns,
    authorizations_of,
    counted,
    page_of_authorizations,
)
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_version,
    text_of,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = [
    "SORTS",
    "VIEWS",
    "AuthorizationFields",
    "AuthorizationFilter",
    "AuthorizationRow",
    "Warns",
    "add_authorization",
    "authorizations_of",
    "edit_authorization",
    "give_back_uses",
    "page_of_authorizations",
    "quantity_of",
    "take_uses",
    "too_little_left",
]

MOST: Final = 9_999
MOST_CODES: Final = 4
"""So many fit where they are kept."""
_DOING: Final = "change authorizations"
_CODE: Final = re.compile(r"[0-9A-Z]{5}", re.ASCII)


def add_authorization(work: Work, patient_id: int, fields: AuthorizationFields) -> int:
    """Add an authorization of a client and return its id.

    Raises Problem for what cannot be, and when the payer's number is there already.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    locked(work, Patient, patient_id, "this client")
    values = _checked(work, fields)
    _require_new_number(work, patient_id, fields.payer_id, values["number"], but=None)
    row = Authorization(patient_id=patient_id, used=fields.used_before, **values)
    told = {"patient_id": patient_id, **values}
    new_id = recorded_new(work, row, told, action="add_authorization", noun="authorization")
    work.touch(Topic.PATIENTS, Topic.CLAIMS)
    return new_id


def edit_authorization(
    work: Work, authorization_id: int, fields: AuthorizationFields, *, expected_version: int
) -> None:
    """Change an authorization; what claims have taken of it stays taken.

    Raises Problem when another payer's claims have used it, or less is granted than was used.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    row = locked(work, Authorization, authorization_id, "this authorization")
    require_version(row, expected_version, "this authorization")
    values = _checked(work, fields)
    _require_new_number(work, row.patient_id, fields.payer_id, values["number"], but=row.id)
    by_claims = row.used - row.used_before
    if by_claims and fields.payer_id != row.payer_id:
        raise Problem(
            f"Claims were sent under authorization {row.number}.",
            hint="Nothing was saved. Add another one for the other payer.",
        )
    if by_claims + fields.used_before > fields.granted:
        raise Problem(
            f"{by_claims + fields.used_before} of it are used, and {fields.granted} granted.",
            hint="Nothing was saved. Look at the payer's letter.",
        )
    values["used"] = by_claims + fields.used_before
    if apply_changes(work, row, values, action="edit_authorization", noun="authorization"):
        work.touch(Topic.PATIENTS, Topic.CLAIMS)


def take_uses(work: Work, claim_ids: Collection[int]) -> None:
    """Let claims that are being sent take their visits or units, each line once.

    A claim that replaces or takes back one that has fallen gives back what that one took. Raises
    ChangedElsewhere, so that nothing is sent, when an authorization has not enough left.
    """
    _let_go(work, claim_ids)
    wanted = uses_wanted(work, claim_ids)
    if not wanted:
        return
    granted = {one.id: one for one in locked_authorizations(work, {row[0] for row in wanted})}
    for authorization_id, line_id, quantity, number in wanted:
        one = granted[authorization_id]
        if one.used + quantity > one.granted:
            left = max(one.granted - one.used, 0)
            raise ChangedElsewhere(
                f"Authorization {one.number} has {counted(left, one.counts)} left, and claim "
                f"{number} takes {quantity}.",
                hint="Nothing was sent. Ask the payer for more, or hold that claim.",
            )
        one.used += quantity
        work.db.add(
            AuthorizationUse(
                authorization_id=authorization_id, claim_line_id=line_id, quantity=quantity
            )
        )
    work.db.flush()
    work.touch(Topic.PATIENTS)


def give_back_uses(work: Work, claim_ids: Collection[int]) -> None:
    """Give back what claims took whose sending is undone; what they replaced takes it again."""
    release_uses(work, claim_ids)
    again = work.db.scalars(
        select(Claim.replaces_id).where(
            among(work, Claim.id, claim_ids), Claim.replaces_id.is_not(None)
        )
    ).all()
    standing = work.db.scalars(
        select(Claim.id).where(
            among(work, Claim.id, [one for one in again if one is not None]),
            Claim.status.not_in(FALLEN | UNSENT),
            Claim.frequency != Frequency.VOID,
        )
    ).all()
    if standing:
        take_uses(work, standing)


def too_little_left(work: Work, claim_ids: Sequence[int]) -> dict[int, str]:
    """Return by claim, taken in this order, why its authorization does not reach, in words.

    For planning what to send together: each claim sees what those before it take. What replaces
    another claim has what that one took: sending gives it back first.
    """
    wanted: dict[int, list[tuple[int, int]]] = defaultdict(list)
    owners = {
        row.id: row.claim_id
        for row in work.db.execute(
            select(ClaimLine.id, ClaimLine.claim_id).where(
                among(work, ClaimLine.claim_id, claim_ids)
            )
        )
    }
    for authorization_id, line_id, quantity, _number in uses_wanted(work, claim_ids):
        wanted[owners[line_id]].append((authorization_id, quantity))
    ids = {one for pairs in wanted.values() for one, _ in pairs}
    rows = work.db.scalars(select(Authorization).where(among(work, Authorization.id, ids)))
    granted = {one.id: one for one in rows}
    left = {one: row.granted - row.used for one, row in granted.items()}
    credit = _taken_by_replaced(work, claim_ids)
    found: dict[int, str] = {}
    for claim_id in claim_ids:
        pairs = wanted.get(claim_id, [])
        needed = sum(quantity for _, quantity in pairs)
        if not pairs:
            continue
        one = granted[pairs[0][0]]
        reach = left[one.id] + credit[claim_id, one.id]
        if needed > reach:
            has = counted(max(reach, 0), one.counts)
            found[claim_id] = f"Authorization {one.number} has {has} left, it takes {needed}."
        else:
            left[one.id] = reach - needed
    return found


def _taken_by_replaced(work: Work, claim_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return, by claim and authorization, what the claim that it replaces took."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    for row in work.db.execute(
        select(Claim.id, AuthorizationUse.authorization_id, AuthorizationUse.quantity)
        .join(ClaimLine, ClaimLine.claim_id == Claim.replaces_id)
        .join(AuthorizationUse, AuthorizationUse.claim_line_id == ClaimLine.id)
        .where(among(work, Claim.id, claim_ids))
    ):
        found[row.id, row.authorization_id] += row.quantity
    return found


def _let_go(work: Work, claim_ids: Collection[int]) -> None:
    replaced = select(Claim.replaces_id).where(
        among(work, Claim.id, claim_ids), Claim.replaces_id.is_not(None)
    )
    fallen = select(Claim.id).where(Claim.id.in_(replaced), Claim.status.in_(FALLEN))
    release_uses(work, work.db.scalars(fallen).all())


def _checked(work: Work, fields: AuthorizationFields) -> dict[str, Any]:
    if work.db.get(Payer, fields.payer_id) is None:
        raise Problem("This payer is not in the books.", hint="Nothing was saved.")
    if fields.valid_to < fields.valid_from:
        raise Problem(
            f"It would end on {fields.valid_to:%m/%d/%Y}, before it begins on "
            f"{fields.valid_from:%m/%d/%Y}.",
            hint="Nothing was saved. Change one of the two days.",
        )
    if not 0 < fields.granted <= MOST or not 0 <= fields.used_before <= fields.granted:
        raise Problem(
            f"{fields.used_before} used of {fields.granted} granted cannot be.",
            hint=f"Nothing was saved. From 1 to {MOST} are granted, and no more used than that.",
        )
    codes = tuple(dict.fromkeys(one.strip().upper() for one in fields.codes if one.strip()))
    odd = [one for one in codes if _CODE.fullmatch(one) is None]
    if odd:
        raise Problem(
            f"{odd[0]} is not a code.",
            hint="Nothing was saved. A code has five letters and digits, like 90837.",
        )
    if len(codes) > MOST_CODES:
        raise Problem(
            f"An authorization is for up to {MOST_CODES} codes, or for any.",
            hint="Nothing was saved. Leave the codes empty, or add another one.",
        )
    return {
        "payer_id": fields.payer_id,
        "number": text_of(fields.number, "the number", longest=24, required=True),
        "code": " ".join(codes),
        "granted": fields.granted,
        "valid_from": fields.valid_from,
        "valid_to": fields.valid_to,
        "counts": Counts(fields.counts),
        "used_before": fields.used_before,
        "note": text_of(fields.note, "the note", longest=200),
    }


def _require_new_number(
    work: Work, patient_id: int, payer_id: int, number: str, *, but: int | None
) -> None:
    there = work.db.scalar(
        select(Authorization.id).where(
            Authorization.patient_id == patient_id,
            Authorization.payer_id == payer_id,
            func.upper(Authorization.number) == number.upper(),
            Authorization.id.is_distinct_from(but),
        )
    )
    if there is not None:
        raise Problem(f"Authorization {number} is there already.", hint="Nothing was saved.")
