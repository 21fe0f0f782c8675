"""Lets claims and sessions follow what a remittance said, and go back when it is undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimChange, ClaimLine, ClaimStatus
from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceLine
from fscdesk.models.values import ZERO
from fscdesk.services.bulk import insert_rows, reserve_ids, run_many, stored_moment
from fscdesk.services.claim_answers import (
    LineAnswer,
    note_answers,
    take_answers_back,
    withdraw_answers,
)
from fscdesk.services.claim_standing import UNSENT
from fscdesk.services.claim_statuses import ClaimMove, lock_claims, move_claims
from fscdesk.services.id_sets import among
from fscdesk.services.remittances.answered import REVERSAL, DecidedClaim
from fscdesk.services.remittances.netting import NETTED
from fscdesk.services.remittances.session_answers import (
    move_sessions,
    put_sessions_back,
    without_duplicates,
)
from fscdesk.services.settled_claims import follow_settled
from fscdesk.services.statuses import follow_balances
from fscdesk.services.work import Topic, Work

CROSSED: Final = "crossed_over"
"""The field of a claim under which it is noted that an earlier payer passed it on."""


class Still(NamedTuple):
    """What a remittance still says of a charge: denied by a reason, taken back, or answered."""

    charge_id: int
    denied: str
    back: bool


def decided_on(work: Work, paid_on: date) -> date:
    """Return the day on which a payer decided what its check of ``paid_on`` says.

    It is the check's day, however late it is posted; a transfer that comes in some days was
    decided by today.
    """
    return min(paid_on, work.today())


def follow_answers(
    work: Work, row: Remittance, number: str, posted: Sequence[DecidedClaim]
) -> None:
    """Note the answers of claims that were just posted; ``number`` is the payment's.

    What was taken back and not answered anew is not answered any more: its claim is pending. A
    claim learns the payer's number of it; one to the next payer, that this payer passed it on.
    They are answered, and their limits run, from the day on which the payer decided.
    """
    answers, reversed_ones = _answers(posted)
    answers = without_duplicates(work, answers)
    payer_id, said_on = row.payer_id or 0, decided_on(work, row.paid_on)
    sessions = _sessions(work, {*answers, *reversed_ones})
    follow_balances(work, sessions, f"{number}: posted")
    withdraw_answers(work, payer_id, reversed_ones - set(answers), source=number, day=said_on)
    note_answers(
        work,
        payer_id,
        [LineAnswer(charge_id, carc) for charge_id, carc in answers.items()],
        source=number,
        day=said_on,
    )
    _note_payer_numbers(work, posted)
    _note_crossings(work, posted, number, said_on)
    move_sessions(work, answers, number)
    follow_settled(work, sessions, f"{number}: posted")


def go_back(
    work: Work, number: str, charge_ids: Collection[int], *, on: date, reason: str
) -> set[int]:
    """Take back what a payment had said of charges, where nothing was said since.

    Returns the sessions that stand as before it again.
    """
    take_answers_back(work, number, day=on, charge_ids=charge_ids)
    return put_sessions_back(work, _sessions(work, charge_ids), number, reason)


def said_still(
    work: Work, row: Remittance, undone: Collection[int], charge_ids: Collection[int]
) -> list[Still]:
    """Return what claims of a remittance, but those that are undone (row ids), say of charges.

    Left out is what a later remittance has answered, and what is being appealed: neither goes
    back with the claims that are undone.
    """
    later = (
        select(RemittanceLine.charge_id)
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .join(Remittance, Remittance.id == RemittanceClaim.remittance_id)
        .where(
            RemittanceClaim.fate == Fate.POSTED,
            Remittance.payer_id == row.payer_id,
            Remittance.id != row.id,
            Remittance.posted_at > row.posted_at,
            among(work, RemittanceLine.charge_id, charge_ids),
        )
    )
    appealed = (
        select(ClaimLine.charge_id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            Claim.status == ClaimStatus.APPEALING,
            Claim.payer_id == row.payer_id,
            among(work, ClaimLine.charge_id, charge_ids),
        )
    )
    wanted = set(charge_ids) - set(work.db.scalars(later)) - set(work.db.scalars(appealed))
    found = (
        select(
            RemittanceLine.charge_id,
            RemittanceLine.denied,
            RemittanceClaim.status_code,
            RemittanceClaim.paid,
        )
        .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
        .where(
            RemittanceClaim.remittance_id == row.id,
            RemittanceClaim.fate == Fate.POSTED,
            RemittanceClaim.words != NETTED,
            RemittanceLine.fate == Fate.POSTED,
            ~among(work, RemittanceClaim.id, undone),
            among(work, RemittanceLine.charge_id, wanted),
        )
        .order_by(RemittanceClaim.position, RemittanceLine.position)
    )
    return [
        Still(one.charge_id, one.denied, one.status_code == REVERSAL and one.paid <= ZERO)
        for one in work.db.execute(found)
    ]


def say_again(
    work: Work,
    row: Remittance,
    number: str,
    still: Sequence[Still],
    sessions: Collection[int],
    *,
    on: date,
) -> None:
    """Let claims and sessions follow what a remittance still says of charges: `said_still`.

    ``on`` is the day of the undoing; the payer decided when its check says, by that day.

    All that it had said of them was taken back before: ``sessions`` are what `go_back` moved.
    """
    if not still:
        return
    answers, taken = _together((one.charge_id, one.denied, one.back) for one in still)
    answers = without_duplicates(work, answers)
    payer_id, said_on = row.payer_id or 0, min(row.paid_on, on)
    withdraw_answers(work, payer_id, taken - set(answers), source=number, day=said_on)
    said = [LineAnswer(charge_id, carc) for charge_id, carc in answers.items()]
    note_answers(work, payer_id, said, source=number, day=said_on)
    moved = work.db.scalars(
        select(Charge.id).where(
            among(work, Charge.id, answers), among(work, Charge.session_id, sessions)
        )
    )
    move_sessions(work, {one: answers[one] for one in moved}, number)


def take_crossings_back(work: Work, number: str, claim_ids: Collection[int] | None = None) -> None:
    """Let claims be drafts again that a remittance had said were passed on; all, or some."""
    found = select(ClaimChange.claim_id).where(
        ClaimChange.field == CROSSED, ClaimChange.source == number
    )
    if claim_ids is not None:
        mine = select(Claim.id).where(among(work, Claim.primary_id, claim_ids))
        found = found.where(ClaimChange.claim_id.in_(mine))
    ids = set(work.db.scalars(found))
    back = [
        one.id
        for one in lock_claims(work, ids)
        if one.crossed_over and one.status is ClaimStatus.PENDING
    ]
    run_many(
        work,
        "UPDATE claim SET crossed_over = ?, first_sent_on = NULL, last_sent_on = NULL WHERE id = ?",
        [(False, one) for one in back],
    )
    _write_crossings(work, back, "passed on", "not passed on", f"{number} taken back")
    moves = [ClaimMove(one, ClaimStatus.DRAFT, f"{number} was undone") for one in back]
    move_claims(work, moves)


def _answers(posted: Sequence[DecidedClaim]) -> tuple[dict[int, str], set[int]]:
    """Return what was said of charges (the reason of a denial, or nothing), and what taken back.

    Of several lines about one charge a payment counts before a denial.
    """
    # What is paid and taken back at once says nothing in the end.
    return _together(
        (line.line.charge_id, line.denied, claim.claim.reversal)
        for claim in posted
        if not claim.netted
        for line in claim.lines
        if line.line.charge_id is not None and line.fate is Fate.POSTED
    )


def _together(said: Iterable[tuple[int, str, bool]]) -> tuple[dict[int, str], set[int]]:
    answers: dict[int, str] = {}
    taken: set[int] = set()
    for charge_id, denied, back in said:
        if back:
            taken.add(charge_id)
        elif not denied or charge_id not in answers:
            answers[charge_id] = denied
    return answers, taken


def _sessions(work: Work, charge_ids: Collection[int]) -> list[int]:
    found = (
        select(Charge.session_id)
        .where(among(work, Charge.id, charge_ids), Charge.session_id.is_not(None))
        .distinct()
    )
    return [one for one in work.db.scalars(found) if one is not None]


def _note_payer_numbers(work: Work, posted: Sequence[DecidedClaim]) -> None:
    """Keep the payer's own number of each claim, which a correction or an appeal must name."""
    numbers = {
        one.claim.claim_id: one.claim.payer_number
        for one in posted
        if one.claim.claim_id is not None and one.claim.payer_number
    }
    rows = work.db.execute(
        select(Claim.id, Claim.payer_number).where(among(work, Claim.id, numbers))
    )
    run_many(
        work,
        "UPDATE claim SET payer_number = ?, version = version + 1 WHERE id = ?",
        [(numbers[row.id], row.id) for row in rows if row.payer_number != numbers[row.id]],
    )
    work.db.expire_all()


def _note_crossings(work: Work, posted: Sequence[DecidedClaim], number: str, on: date) -> None:
    """Let claims to the next payer wait for it, which has them from this one: no file of ours."""
    passed = {one.claim.claim_id for one in posted if one.claim.forwarded} - {None}
    if not passed:
        return
    ids = [
        row.id
        for row in work.db.execute(
            select(Claim.id).where(
                among(work, Claim.primary_id, [one for one in passed if one is not None]),
                Claim.status.in_(UNSENT),
                Claim.crossed_over.is_(False),
            )
        )
    ]
    if not ids:
        return
    lock_claims(work, ids)
    run_many(
        work,
        "UPDATE claim SET crossed_over = ?, first_sent_on = ?, last_sent_on = ? WHERE id = ?",
        [(True, on.isoformat(), on.isoformat(), one) for one in ids],
    )
    _write_crossings(work, ids, "", f"on {on:%m/%d/%Y}", number)
    why = f"{number}: the earlier payer passed it on (crossover)"
    move_claims(work, [ClaimMove(one, ClaimStatus.PENDING, why) for one in ids])
    work.touch(Topic.CLAIMS)


def _write_crossings(work: Work, ids: Sequence[int], old: str, new: str, source: str) -> None:
    moment, person = stored_moment(work.now()), work.actor.staff_id
    insert_rows(
        work,
        "claim_change",
        ("id", "claim_id", "line", "field", "old", "new", "source", "at", "staff_id"),
        (
            (row_id, claim_id, None, CROSSED, old, new, source, moment, person)
            for row_id, claim_id in zip(
                reserve_ids(work, "claim_change", len(ids)), ids, strict=True
            )
        ),
    )
    work.db.expire_all()
