"""Knows an answer again that is in the books, and one that says otherwise of the same claim. Pure.

The same claim of the payer with the same money is the same answer only where its adjustments are
the same, too: they say whose the rest is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fscdesk.models.remittance import Unposted
from fscdesk.models.values import Money
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    Cas,
    Decided,
    cas_of,
)
from fscdesk.services.remittances.charge_stand import ChargeStand, Said


def said_again(
    claim: AnsweredClaim, lines: Sequence[AnsweredLine], stands: Mapping[int, ChargeStand]
) -> str:
    """Return that a claim is posted of another remittance, or contradicts one; empty if neither.

    ``lines`` are its lines with their parts of what stands at its head. A reversal is the same
    only where it finds nothing any more to take back: a payer may pay, take back, and pay and
    take back again.
    """
    said = [stands[one.charge_id or 0] for one in lines]
    if not all(one.said for one in said):
        return ""
    both = list(zip(claim.lines, said, strict=True))
    if not set.intersection(*(_alike(line, claim, stand) for line, stand in both)):
        return ""
    if set.intersection(*(said_before(line, claim, stand) for line, stand in both)):
        if claim.reversal and any(
            stand.paid.total > 0 for line, stand in zip(lines, said, strict=True) if line.paid
        ):
            return ""
        return "The same answer is posted already, of another remittance."
    return _contradiction(claim, both)


def said_before(line: AnsweredLine, claim: AnsweredClaim, stand: ChargeStand) -> set[int]:
    """Return the posted claims (rows) that said the very same of the charge, and still stand.

    What the bank took back may be paid again: that is the payer's replacement.
    """
    alike = _alike(line, claim, stand)
    return {
        one.claim_id
        for one in stand.said
        if one.claim_id in alike
        # Who typed it in may have put its reasons otherwise.
        and (claim.reversal or one.typed or adjusts_the_same(one, line, claim))
    }


def adjusts_the_same(said: Said, line: AnsweredLine, claim: AnsweredClaim) -> bool:
    """Return whether a line has the adjustments of an answer; a reversal's with the other sign."""
    sign = -1 if claim.reversal and said.reverses_id is None else 1
    own = next((one for one in claim.lines if one.position == line.position), line)
    return all(
        sorted(one._replace(cents=sign * one.cents) for one in now if one.cents)
        == sorted(one for one in cas_of(before) if one.cents)
        for now, before in ((own.cas, said.adjustments), (claim.cas, said.claim_adjustments))
    )


def only_known(decided: Decided) -> bool:
    """Return whether a check brings money, and nothing but answers that are posted already."""
    waiting = [one for one in decided.claims if not (one.claim.posted or one.claim.closed)]
    known = all(one.why is Unposted.POSTED_BEFORE for one in waiting)
    return bool(waiting) and known and bool(decided.remittance.amount)


def _alike(line: AnsweredLine, claim: AnsweredClaim, stand: ChargeStand) -> set[int]:
    """Return the posted claims (rows) that paid the same of the same claim, and still stand."""
    return {
        one.claim_id
        for one in stand.said
        if one.claim_id != claim.row_id
        and not one.back
        and (claim.reversal or not one.returned)
        and _same_money(one, line, claim)
    }


def _same_money(said: Said, line: AnsweredLine, claim: AnsweredClaim) -> bool:
    # An EOB that was typed in does not say the payer's number of a claim.
    if claim.payer_number and said.payer_number:
        named = claim.payer_number == said.payer_number
    else:
        named = claim.number == said.number
    return (
        named
        and (said.status, said.claim_paid) == (claim.status, claim.paid)
        and (said.paid, said.charge) == (line.paid, line.charge)
    )


def _contradiction(claim: AnsweredClaim, both: Sequence[tuple[AnsweredLine, ChargeStand]]) -> str:
    """Return what was said of the first line that differs, and what is said now."""
    for line, stand in both:
        alike = _alike(line, claim, stand)
        if alike & said_before(line, claim, stand):
            continue
        before = next(one for one in stand.said if one.claim_id in alike)
        first = _spelled((*cas_of(before.adjustments), *cas_of(before.claim_adjustments)))
        return (
            f"The payer has answered this claim otherwise before, and takes nothing of that back:"
            f" {stand.code} of {stand.service_day:%m/%d/%Y} had {first}, and has"
            f" {_spelled((*line.cas, *claim.cas))} now. Look which of them is right."
        )
    return ""


def _spelled(found: Sequence[Cas]) -> str:
    each = [f"{one.code} {Money(one.cents)}" for one in found if one.cents]
    return ", ".join(each) or "no adjustment"
