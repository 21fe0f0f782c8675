"""What payers answered on the lines of claims, and where the claims stand by it.

It stands below the rooms that post money: whatever brings a payer's word (a payment, a typed EOB,
a look-up in a portal) comes here. The answer of a line is kept in the claim's own history of
changes, as ``paid`` or ``denied 16`` with the number of the payment that brought it, so that a
payment that is taken back takes its answers with it. A claim is decided when each of its lines
is: denied where all of them are, partially paid where some are, paid where none is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import (
    Claim,
    ClaimChange,
    ClaimLine,
    ClaimStatus,
    Frequency,
)
from fscdesk.services.answer_days import TAKEN_BACK, days_said
from fscdesk.services.bulk import insert_rows, reserve_ids, run_many, stored_moment
from fscdesk.services.claim_line_answers import (
    DENIED,
    FIELD,
    PAID,
    carc_of_answer,
    is_denied,
    line_answers,
)
from fscdesk.services.claim_standing import FALLEN, UNSENT
from fscdesk.services.claim_statuses import (
    ClaimMove,
    hold_claims,
    let_sessions_follow,
    move_claims,
)
from fscdesk.services.id_sets import among
from fscdesk.services.later_claims import let_later_claims_follow
from fscdesk.services.settled_claims import (
    DECIDED,
    appealed_before,
    before_answers,
    settle_claims,
)
from fscdesk.services.work import Work

__all__ = [
    "DENIED",
    "FIELD",
    "PAID",
    "LineAnswer",
    "carc_of_answer",
    "claimed",
    "is_denied",
    "line_answers",
    "note_answers",
    "set_line_answers",
    "take_answers_back",
    "withdraw_answers",
]


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What a payer said of one charge: denied with a reason code (CARC), or answered."""

    charge_id: int
    carc: str = ""


def note_answers(
    work: Work, payer_id: int, answers: Iterable[LineAnswer], *, source: str, day: date
) -> int:
    """Note a payer's answers on its claims, let these follow, and return how many moved.

    Only claims of this payer that were sent and still stand are answered. ``source`` is the
    number of what brought the answers. A denial does not undo what was paid: of a line of which
    the payer owes nothing any more the earlier answer stays (the second claim for one service
    is denied as a duplicate).
    """
    said = {one.charge_id: _word(one.carc) for one in answers}
    claims = _answered_by(work, payer_id, said)
    if not claims:
        return 0
    hold_claims(work, claims)
    now = line_answers(work, claims)
    wanted: dict[int, dict[int, str]] = defaultdict(dict)
    for row in work.db.execute(
        select(
            ClaimLine.claim_id, ClaimLine.position, ClaimLine.charge_id, Charge.insurance_balance
        )
        .join(Charge, Charge.id == ClaimLine.charge_id)
        .where(among(work, ClaimLine.claim_id, claims), among(work, ClaimLine.charge_id, said))
        .order_by(ClaimLine.claim_id, ClaimLine.position)
    ):
        before, new = now[row.claim_id].get(row.position, ""), said[row.charge_id]
        settled = before == PAID and row.insurance_balance.cents <= 0
        if not (settled and new != PAID):
            wanted[row.claim_id][row.position] = new
    return set_line_answers(work, wanted, source=source, day=day)


def claimed(work: Work, charge_ids: Collection[int]) -> bool:
    """Return whether any of these charges is or was on a claim: one question for thousands."""
    if not charge_ids:
        return False
    found = select(ClaimLine.id).where(among(work, ClaimLine.charge_id, charge_ids)).limit(1)
    return work.db.scalar(found) is not None


def set_line_answers(
    work: Work,
    wanted: Mapping[int, Mapping[int, str]],
    *,
    source: str,
    day: date,
    undecided: tuple[ClaimStatus, str] | None = None,
    arguing: Collection[int] = (),
) -> int:
    """Write the answers of lines (by claim and position) and let the claims follow.

    ``undecided`` is where a claim stands that is not decided by them, and why; without it one
    that is decided no more goes back to where it stood before. The caller holds the claims
    locked. Returns how many claims moved.
    """
    now = line_answers(work, wanted)
    changed: set[int] = set()
    told: list[tuple[int, int, str, str]] = []
    for claim_id, lines in wanted.items():
        for position, new in lines.items():
            old = now[claim_id].get(position, "")
            if old == new:
                continue
            told.append((claim_id, position, old, new))
            changed.add(claim_id)
    _write_changes(work, told, source)
    # What is said again can still decide: a claim that came back to pending is decided anew.
    moved = (changed or set(wanted)) | set(arguing)
    return _follow(work, moved, source=source, day=day, undecided=undecided, arguing=arguing)


def _write_changes(work: Work, told: Sequence[tuple[int, int, str, str]], source: str) -> None:
    """Write what lines said (claim, position, old, new): a remittance brings ten thousand."""
    at, person = stored_moment(work.now()), work.actor.staff_id
    ids = reserve_ids(work, "claim_change", len(told))
    insert_rows(
        work,
        "claim_change",
        ("id", "claim_id", "line", "field", "old", "new", "source", "at", "staff_id"),
        [
            (row_id, claim_id, position, FIELD, old, new, source, at, person)
            for row_id, (claim_id, position, old, new) in zip(ids, told, strict=True)
        ],
    )


def take_answers_back(
    work: Work, source: str, *, day: date, charge_ids: Collection[int] | None = None
) -> int:
    """Take back what a payment answered, where nothing was answered since; return what moved.

    ``charge_ids`` are the charges whose answers go; all that it answered where it is None.

    A line says again what it said before, since the day on which the payer said that: the limits
    of a denial run from there again. A claim that is not decided any more stands
    where it stood before its first answer. A claim that is being appealed keeps its denial; one
    that the payment took out of its appeal is in it again.
    """
    touched = set(
        work.db.scalars(
            select(ClaimChange.claim_id)
            .where(ClaimChange.field == FIELD, ClaimChange.source == source)
            .distinct()
        )
    )
    if charge_ids:
        # What was said again word for word changed no line, and yet may have ended an appeal.
        on_claims = select(ClaimLine.claim_id).where(among(work, ClaimLine.charge_id, charge_ids))
        touched |= set(work.db.scalars(on_claims.distinct()))
    if not touched:
        return 0
    kept = FALLEN | {ClaimStatus.APPEALING}
    standing = [one.id for one in hold_claims(work, touched) if one.status not in kept]
    newest: dict[tuple[int, int], ClaimChange] = {}
    for change in work.db.scalars(
        select(ClaimChange)
        .where(among(work, ClaimChange.claim_id, standing), ClaimChange.field == FIELD)
        .order_by(ClaimChange.id)
    ):
        key = change.claim_id, change.line or 0
        before = newest.get(key)
        # Of what one payment said in a row (taken back, then answered anew) the first counts.
        if before is None or before.source != change.source:
            newest[key] = change
    wanted: dict[int, dict[int, str]] = defaultdict(dict)
    going = None if charge_ids is None else _lines_of(work, standing, charge_ids)
    for (claim_id, position), change in newest.items():
        if change.source == source and (going is None or (claim_id, position) in going):
            wanted[claim_id][position] = change.old
    arguing = appealed_before(work, standing, source)
    taken = f"{source} {TAKEN_BACK}"
    return set_line_answers(work, wanted, source=taken, day=day, arguing=arguing)


def withdraw_answers(
    work: Work, payer_id: int, charge_ids: Collection[int], *, source: str, day: date
) -> int:
    """Note that a payer takes back what it had answered of charges; return what claims moved.

    Its claims wait for an answer again. Where it had not answered there is nothing to note.
    """
    claims = _answered_by(work, payer_id, charge_ids) if charge_ids else []
    if not claims:
        return 0
    hold_claims(work, claims)
    now, wanted = line_answers(work, claims), defaultdict[int, dict[int, str]](dict)
    for claim_id, position in _lines_of(work, claims, charge_ids):
        if now[claim_id].get(position):
            wanted[claim_id][position] = ""
    why = f"{source}: the payer took its answer back"
    undecided = ClaimStatus.PENDING, why
    return set_line_answers(work, wanted, source=source, day=day, undecided=undecided)


def _lines_of(
    work: Work, claim_ids: Collection[int], charge_ids: Collection[int]
) -> set[tuple[int, int]]:
    rows = work.db.execute(
        select(ClaimLine.claim_id, ClaimLine.position).where(
            among(work, ClaimLine.claim_id, claim_ids), among(work, ClaimLine.charge_id, charge_ids)
        )
    )
    return {(row.claim_id, row.position) for row in rows}


def _word(carc: str) -> str:
    return f"{DENIED} {carc}" if carc else PAID


def _answered_by(work: Work, payer_id: int, charge_ids: Collection[int]) -> list[int]:
    """Return the claims that a payer's word about charges is about."""
    found = (
        select(Claim.id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(
            among(work, ClaimLine.charge_id, charge_ids),
            Claim.payer_id == payer_id,
            Claim.status.not_in(FALLEN | UNSENT),
            Claim.frequency != Frequency.VOID,
        )
        .distinct()
        .order_by(Claim.id)
    )
    return list(work.db.scalars(found))


def _follow(
    work: Work,
    claim_ids: Collection[int],
    *,
    source: str,
    day: date,
    undecided: tuple[ClaimStatus, str] | None,
    arguing: Collection[int],
) -> int:
    """Let claims stand where the answers of their lines say."""
    if not claim_ids:
        return 0
    work.db.flush()
    answers = line_answers(work, claim_ids)
    positions: dict[int, list[int]] = defaultdict(list)
    for claim_id, position in work.db.execute(
        select(ClaimLine.claim_id, ClaimLine.position)
        .where(among(work, ClaimLine.claim_id, claim_ids))
        .order_by(ClaimLine.claim_id, ClaimLine.position)
    ):
        positions[claim_id].append(position)
    when = days_said(work, claim_ids) if source.endswith(TAKEN_BACK) else {}
    moves: list[ClaimMove] = []
    silent: set[int] = set()
    notes: list[tuple[object, ...]] = []
    claims = work.db.execute(
        select(
            Claim.id,
            Claim.status,
            Claim.answered_on,
            Claim.denied_on,
            Claim.reason_code,
            Claim.reason,
        )
        .where(among(work, Claim.id, claim_ids))
        .order_by(Claim.id)
    )
    for claim in (_Standing(*row) for row in claims):
        said = [answers[claim.id].get(one, "") for one in positions[claim.id]]
        status = _status_of(said)
        noted = _noted(claim, said, when.get(claim.id) or dict.fromkeys(said, day), day)
        if noted != (claim.answered_on, claim.denied_on, claim.reason_code, claim.reason):
            notes.append((*map(_stored, noted), claim.id))
        if status is None:
            silent.add(claim.id)
        if claim.id in arguing:
            again = f"{source}: its appeal is open again"
            moves.append(ClaimMove(claim.id, ClaimStatus.APPEALING, again))
        elif status is not None:
            moves.append(ClaimMove(claim.id, status, _why(status, noted[3], source)))
        elif undecided is not None:
            moves.append(ClaimMove(claim.id, *undecided))
        elif claim.status in DECIDED and claim.status is not ClaimStatus.PAID:
            before = before_answers(work, claim.id)
            moves.append(ClaimMove(claim.id, before, f"{source}: not answered any more"))
    run_many(
        work,
        "UPDATE claim SET answered_on = ?, denied_on = ?, reason_code = ?, reason = ?,"
        " version = version + 1 WHERE id = ?",
        notes,
    )
    work.db.expire_all()
    moved = move_claims(work, moves)
    # What is not answered, and of which nothing is open, waits for nobody.
    moved += settle_claims(work, silent, source or "Answered", again="not answered any more")
    let_later_claims_follow(work, claim_ids)
    partly = select(Claim.id, Claim.number).where(
        among(work, Claim.id, claim_ids), Claim.status == ClaimStatus.PARTIALLY_PAID
    )
    # A line can have another answer while its claim stays where it is.
    reasons = {row.id: f"{row.number}: {source or 'answered'}" for row in work.db.execute(partly)}
    let_sessions_follow(work, reasons)
    return moved


def _status_of(said: Collection[str]) -> ClaimStatus | None:
    """Return where a claim stands by its lines; None while one of them is not answered."""
    if not said or not all(said):
        return None
    denied = [is_denied(one) for one in said]
    if all(denied):
        return ClaimStatus.DENIED
    return ClaimStatus.PARTIALLY_PAID if any(denied) else ClaimStatus.PAID


class _Standing(NamedTuple):
    """What is kept of a claim's answer; whole rows of ten thousand claims would be dear."""

    id: int
    status: ClaimStatus
    answered_on: date | None
    denied_on: date | None
    reason_code: str
    reason: str


_Noted = tuple[date | None, date | None, str, str]


def _noted(claim: _Standing, said: Collection[str], days: Mapping[str, date], day: date) -> _Noted:
    """Return since when a claim is answered and denied, by which reason, and in words.

    ``days`` are those on which the payer said what the lines say.
    """
    given = [one for one in said if one]
    carcs = list(dict.fromkeys(carc for carc in map(carc_of_answer, given) if carc))
    first = carcs[0] if carcs else ""
    answered = max((days.get(one, day) for one in given), default=None)
    refused = [one for one in given if is_denied(one)]
    if not refused:
        return answered, None, "", ""
    if not _is_new(claim, first):
        return answered, claim.denied_on, claim.reason_code, claim.reason
    on = min(days.get(one, day) for one in refused if carc_of_answer(one) == first)
    return answered, on, first, f"Denied, CARC {', '.join(carcs)}" if carcs else "Denied"


def _stored(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _is_new(claim: _Standing, carc: str) -> bool:
    """Return whether a denial is another than the one that is kept; an appeal's answer is."""
    kept = claim.denied_on is not None and claim.reason_code == carc
    return not kept or claim.status is ClaimStatus.APPEALING


def _why(status: ClaimStatus, reason: str, source: str) -> str:
    denied = {
        ClaimStatus.PAID: "the payer has answered",
        ClaimStatus.PARTIALLY_PAID: f"answered in part, the rest {reason[:1].lower()}{reason[1:]}",
        ClaimStatus.DENIED: f"{reason[:1].lower()}{reason[1:]}",
    }
    return (
        f"{source}: {denied[status]}" if source else denied[status][:1].upper() + denied[status][1:]
    )
