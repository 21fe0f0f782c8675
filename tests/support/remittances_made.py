"""Remittances as matching and deciding hand them on, made by hand for the till of the tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.models.remittance import Fate, Remittance, RuleAction, Unposted
from fscdesk.services.editing import locked
from fscdesk.services.ledger.accounts import PAYER_CREDITS, RECOUPMENTS
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    AnsweredRemittance,
    Cas,
    Decided,
    DecidedAdjustment,
    DecidedClaim,
    DecidedLine,
    DecidedPair,
    DecidedPlb,
    Plb,
)
from fscdesk.services.remittances.executing import PostedRemittance, execute, lock_fund
from fscdesk.services.remittances.keeping import keep
from fscdesk.services.remittances.loading import load
from fscdesk.services.remittances.provider_postings import lock_items
from fscdesk.services.work import Work

PAID_ON = date(2026, 4, 9)
CONTRACT = Cas("CO", "45", 18_60)
DEDUCTIBLE = Cas("PR", "1", 20_00)


def line(charge_id: int | None, paid: int, *cas: Cas, charge: int = 160_00) -> AnsweredLine:
    """A service that was billed at 160.00 unless said otherwise."""
    return AnsweredLine(
        1,
        "90837",
        charge,
        paid,
        cas,
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 2),
        charge_id=charge_id,
    )


def claim(position: int, *lines: AnsweredLine, status: str = "1", **facts: object) -> AnsweredClaim:
    """An answer to a claim: its sums are those of its lines."""
    made = AnsweredClaim(
        position=position,
        number=f"CLM{position:05d}",
        status=status,
        charge=sum(one.charge for one in lines),
        paid=sum(one.paid for one in lines),
        patient_share=0,
        cas=(),
        lines=tuple(replace(one, position=at) for at, one in enumerate(lines, start=1)),
        payer_number=f"ICN{position}",
    )
    return replace(made, **facts)  # type: ignore[arg-type]


def remittance(
    payer: int | None, *claims: AnsweredClaim, trace: str = "EFT0001", plbs: Sequence[Plb] = ()
) -> AnsweredRemittance:
    """A transfer that balances."""
    return AnsweredRemittance(
        payer_id=payer,
        amount=sum(one.paid for one in claims) - sum(one.cents for one in plbs),
        method="ACH",
        paid_on=PAID_ON,
        trace=trace,
        claims=claims,
        plbs=tuple(plbs),
        payer_name="Example East",
        payer_code="99901",
        origin_id="1999999999",
    )


def kept(work: Work, one: AnsweredRemittance) -> int:
    """Keep one remittance, as typed in, and return its id."""
    return keep(work, None, [one])[0]


def plain_line(one: AnsweredLine) -> DecidedLine:
    """All that is paid goes to 1110; CO is written off, PR is the client's."""
    written = [cas for cas in one.cas if cas.group == "CO"]
    mine = [cas for cas in one.cas if cas.group == "PR"]
    return DecidedLine(
        one,
        Fate.POSTED,
        paid=one.paid,
        to_open=one.paid,
        adjustments=tuple(
            DecidedAdjustment(RuleAction.WRITE_OFF, cas, cas.cents) for cas in written
        ),
        to_patient=sum(cas.cents for cas in mine),
        patient_carc=mine[0].carc if mine else "",
    )


def plain(one: AnsweredClaim) -> DecidedClaim:
    """A claim that posts, each line plainly."""
    return DecidedClaim(one, Fate.POSTED, None, "", tuple(plain_line(each) for each in one.lines))


def staying(one: AnsweredClaim, why: Unposted, words: str = "It is not ours.") -> DecidedClaim:
    """A claim that stays for a person."""
    lines = tuple(DecidedLine(each, Fate.UNPOSTED, why, words) for each in one.lines)
    return DecidedClaim(one, Fate.UNPOSTED, why, words, lines)


def to_explain(one: Plb) -> DecidedPlb:
    """A PLB of which nobody knows what it is."""
    kind = RecoupmentKind.TO_EXPLAIN if one.cents < 0 else RecoupmentKind.TAKEN
    return DecidedPlb(one, kind, RECOUPMENTS, rest=one.cents, open=True)


def will_take(one: Plb) -> DecidedPlb:
    """What the payer added to the check now, and will take later."""
    kind = RecoupmentKind.WILL_TAKE
    return DecidedPlb(one, kind, PAYER_CREDITS, rest=one.cents, open=True)


def settles(one: Plb, item_id: int, cents: int) -> DecidedPlb:
    """A PLB that settles an item; what is over of it stays to be explained."""
    rest = (abs(one.cents) - cents) * (1 if one.cents > 0 else -1)
    pairs = (DecidedPair(item_id, cents),)
    return DecidedPlb(one, RecoupmentKind.TAKEN, RECOUPMENTS, pairs, rest, open=bool(rest))


def decided(
    work: Work,
    remittance_id: int,
    claims: Sequence[DecidedClaim],
    plbs: Sequence[DecidedPlb] = (),
) -> Decided:
    """The decision about a kept remittance: the rows are those that were kept."""
    said = load(work, remittance_id)
    by_position = {one.position: one for one in said.claims}
    return Decided(
        said,
        tuple(_with_rows(one, by_position[one.claim.position]) for one in claims),
        tuple(plbs),
    )


def _with_rows(one: DecidedClaim, row: AnsweredClaim) -> DecidedClaim:
    lines = tuple(
        replace(each, line=kept_line) for each, kept_line in zip(one.lines, row.lines, strict=True)
    )
    return replace(one, claim=row, lines=lines)


def posted(
    work: Work,
    remittance_id: int,
    claims: Sequence[DecidedClaim],
    plbs: Sequence[DecidedPlb] = (),
    **facts: object,
) -> PostedRemittance:
    """Post a kept remittance as it was decided here."""
    row = locked(work, Remittance, remittance_id, "this remittance")
    lock_fund(work, row)
    items = lock_items(work, row)
    wanted = {"positions": None, "on": work.today(), **facts}
    found = decided(work, remittance_id, claims, plbs)
    return execute(work, row, found, items, **wanted)  # type: ignore[arg-type]
