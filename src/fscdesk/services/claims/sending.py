"""Sends claims: plan, send. All that can go goes; what cannot stays behind with its reason.

    plan = plan_batch(work)                                # every claim that was not sent yet
    sent = office.write(lambda work: send_claims(work, plan)).value
    office.write(write_missing)                            # then the file, see ``outbox.py``

Electronic claims are one interchange, paper claims one print run, a portal's claims one check-list
for each payer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimStatus, Frequency
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending, Route
from fscdesk.models.payer import Payer
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.bulk import insert_rows, reserve_ids, run_many
from fscdesk.services.claims import controls, policies
from fscdesk.services.claims.as_837p import (
    FileControls,
    read_back_fault,
    set_control,
    sets_of,
    write_claims,
)
from fscdesk.services.claims.as_cms1500 import CmsMode, as_form, print_offset
from fscdesk.services.claims.authorizations import take_uses
from fscdesk.services.claims.batch_plan import (
    BatchPlan,
    GoingClaim,
    Sent,
    SentBatch,
    StayingClaim,
    Stays,
)
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.frozen import frozen
from fscdesk.services.claims.going import judge, sender_of
from fscdesk.services.claims.lifecycle import (
    FALLEN,
    ClaimMove,
    hold_claims,
    move_claims,
    take_charges,
)
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.sending_again import copy_for_test
from fscdesk.services.editing import key_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.cms1500 import draw_cms1500
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.work import Topic, Work

__all__ = ["SERIES", "plan_batch", "send_claims"]

SERIES: Final = "BAT"
_DOING: Final = "send claims"
Going = tuple[GoingClaim, ClaimContent]


def plan_batch(work: Work, claim_ids: Collection[int] | None = None) -> BatchPlan:
    """Return which claims would go, by route, and which would stay; writes nothing.

    Without ``claim_ids`` it looks at every claim that was not sent yet.
    """
    require(work, Right.SEND_CLAIMS, _DOING)
    judged = judge(work, claim_ids)
    by_route: dict[Route, list[GoingClaim]] = {route: [] for route in Route}
    for claim, _ in judged.going:
        by_route[claim.route].append(claim)
    return BatchPlan(
        work.today(),
        tuple(by_route[Route.ELECTRONIC]),
        tuple(by_route[Route.PAPER]),
        tuple(by_route[Route.PORTAL]),
        judged.staying,
        policies.words(work, policies.MODE) == policies.TEST,
        policies.outbox(work),
    )


def send_claims(work: Work, plan: BatchPlan, *, request_key: str | None = None) -> Sent:
    """Send the claims of the plan, in this transaction; the file follows (``write_missing``).

    Each claim is checked once more: what stops now, or was changed since the plan was made,
    stays behind and is told so; the rest goes. The same key sends once. Raises ChangedElsewhere
    where nothing is left to send, and Problem where the file does not read back as its claims,
    or the key was used for other ones.
    """
    require(work, Right.SEND_CLAIMS, _DOING)
    key = _stored_key(request_key)
    repeated = _sent_before(work, key, plan)
    if repeated is not None:
        return repeated
    if not plan.going:
        first = f" {plan.staying[0].reason}." if plan.staying else ""
        raise Problem(
            f"There is no claim to send.{first}",
            hint="Nothing was sent. Check what holds the claims back; the list says why.",
        )
    going, staying = _still_going(work, plan)
    if not going:
        repeated = _sent_before(work, key, plan)  # another desk was sending them meanwhile
        if repeated is not None:
            return repeated
        raise ChangedElsewhere(
            f"None of these claims can go any more. {staying[0].number}: {staying[0].reason}.",
            hint="Nothing was sent. Look at the list again.",
        )
    going, tested, test_file = _test(work, going)
    staying = [*tested, *staying]
    stood = hold_claims(work, [claim.claim_id for claim, _ in going])
    before = {claim.id: claim.status.value for claim in stood}
    batches = _make_batches(work, going, before, key)
    work.touch(Topic.CLAIMS)
    return Sent(tuple(batches), (*staying, *plan.staying), sent_at=work.now(), test_file=test_file)


def _test(work: Work, going: Sequence[Going]) -> tuple[list[Going], list[StayingClaim], str]:
    """In test mode write the electronic claims as a test; return what goes, what stays, the name.

    The clearinghouse drops a test, so its claims were not billed: they stay ready.
    """
    tried = [claim for claim, _ in going if claim.route is Route.ELECTRONIC]
    if not tried or policies.words(work, policies.MODE) != policies.TEST:
        return list(going), [], ""
    folder = policies.outbox(work)
    if folder is None:
        raise Problem(
            "Files are set to tests, and no outbox is set for them.",
            hint="Nothing was sent. Name a folder, or set files to production, under Setup.",
        )
    file = copy_for_test(work, [claim.claim_id for claim in tried])
    save_bytes(folder / file.name, file.data)
    staying = [
        StayingClaim(
            *(one.claim_id, one.number, one.patient, one.payer, one.total),
            Stays.TESTED,
            f"It was written to {file.name} as a test and not sent",
            "Set files to production under Setup, then send it.",
        )
        for one in tried
    ]
    rest = [one for one in going if one[0].route is not Route.ELECTRONIC]
    return rest, staying, file.name


def _still_going(work: Work, plan: BatchPlan) -> tuple[list[Going], list[StayingClaim]]:
    """Lock the claims of the plan, check them again, and return what still goes."""
    seen = {claim.claim_id: claim for claim in plan.going}
    replaced = select(Claim.replaces_id).where(
        among(work, Claim.id, seen), Claim.replaces_id.is_not(None)
    )
    others = [one for one in work.db.scalars(replaced) if one is not None]
    locked = {claim.id: claim.version for claim in hold_claims(work, {*seen, *others})}
    changed = [one for one in plan.going if locked[one.claim_id] != one.version]
    same = sorted(set(seen) - {one.claim_id for one in changed})
    staying = [_moved_on(one) for one in changed]
    if not same:
        return [], staying
    work.job.step(0, len(same), "Checking claims")
    scrub_claims(work, same)
    judged = judge(work, same)
    return list(judged.going), [*judged.staying, *staying]


def _moved_on(claim: GoingClaim) -> StayingClaim:
    return StayingClaim(
        *(claim.claim_id, claim.number, claim.patient, claim.payer, claim.total),
        Stays.CHANGED,
        "It was changed or sent at another desk after this list was made",
        "Look at the list again.",
    )


def _make_batches(
    work: Work, going: Sequence[Going], before: dict[int, str], key: str | None
) -> list[SentBatch]:
    groups: list[tuple[Route, list[Going]]] = []
    for route in (Route.ELECTRONIC, Route.PAPER):
        members = [one for one in going if one[0].route is route]
        if members:
            groups.append((route, members))
    by_payer: dict[int, list[Going]] = {}
    for one in going:
        if one[0].route is Route.PORTAL:
            by_payer.setdefault(one[0].payer_id, []).append(one)
    groups += [(Route.PORTAL, members) for members in by_payer.values()]
    made = []
    for at, (route, members) in enumerate(groups, start=1):
        work.job.step(at, len(groups) + 1, "Sending claims")
        batch = _open(work, route, members, None if key is None else f"{key}/{at}")
        transactions = _fill(work, batch, [content for _, content in members])
        _keep_sendings(work, batch, members, transactions, before)
        _move(work, batch, members)
        record(
            work,
            "send_claims",
            "claim_batch",
            batch.id,
            number=batch.number,
            route=route.value,
            claims=batch.claims,
            total=batch.total.plain(),
        )
        made.append(_made(batch, members[0][0].payer if route is Route.PORTAL else ""))
    return made


def _open(work: Work, route: Route, members: Sequence[Going], key: str | None) -> ClaimBatch:
    batch = ClaimBatch(
        number=next_number(work, SERIES, work.today().year),
        route=route,
        state=BatchState.SENT,
        claims=len(members),
        total=Money(sum(claim.total.cents for claim, _ in members)),
        made_by=work.actor.staff_id,
        made_at=work.now(),
        request_key=key,
    )
    work.db.add(batch)
    work.db.flush()
    return batch


def _fill(work: Work, batch: ClaimBatch, claims: Sequence[ClaimContent]) -> dict[int, str]:
    """Give a batch its file, and return the transaction (ST02) of each claim."""
    transactions: dict[int, str] = {}
    if batch.route is Route.ELECTRONIC:
        groups = sets_of(claims)
        numbers = FileControls(
            controls.take_controls(work, controls.INTERCHANGE)[0],
            controls.take_controls(work, controls.GROUP)[0],
            tuple(controls.take_controls(work, controls.TRANSACTION, len(groups))),
            _office_time(work),
            batch.number,
        )
        file, text = write_claims(claims, sender_of(work, claims[0]), numbers)
        fault = read_back_fault(file, text)
        if fault:
            raise Problem(
                f"The file that was made does not say what its claims say: {fault}.",
                hint="Nothing was sent. Keep this message and ask for help with this program.",
            )
        batch.interchange, batch.group_control = str(numbers.interchange), str(numbers.group)
        batch.file_name = f"837P-{batch.number}-{numbers.interchange:09d}.837"
        batch.content = text.encode("ascii")
        transactions = {
            one.claim_id: set_control(number)
            for group, number in zip(groups, numbers.sets, strict=True)
            for one in group
        }
    elif batch.route is Route.PAPER:
        forms = [as_form(one) for one in claims]
        batch.content = draw_cms1500(forms, CmsMode.RED_FORM, print_offset(work))
        batch.file_name = f"CMS1500-{batch.number}.pdf"
    if batch.content is not None:
        batch.sha256 = hashlib.sha256(batch.content).hexdigest()
    work.db.flush()
    return transactions


def _office_time(work: Work) -> datetime:
    return work.now().astimezone(work.zone).replace(tzinfo=None)


def _keep_sendings(
    work: Work,
    batch: ClaimBatch,
    members: Sequence[Going],
    transactions: dict[int, str],
    before: dict[int, str],
) -> None:
    ids = reserve_ids(work, "claim_sending", len(members))
    insert_rows(
        work,
        "claim_sending",
        ("id", "batch_id", "claim_id", "transaction", "status_before", "content"),
        (
            (
                row_id,
                batch.id,
                claim.claim_id,
                transactions.get(claim.claim_id, ""),
                before[claim.claim_id],
                frozen(content),
            )
            for row_id, (claim, content) in zip(ids, members, strict=True)
        ),
    )


def _move(work: Work, batch: ClaimBatch, members: Sequence[Going]) -> None:
    """Let claims be submitted, and what they replace or take back fall; take authorizations."""
    ids = [claim.claim_id for claim, _ in members]
    number, today = batch.number, work.today().isoformat()
    resent = work.db.execute(
        select(Claim.number, Claim.frequency, Claim.replaces_id).where(
            among(work, Claim.id, ids),
            Claim.replaces_id.is_not(None),
        )
    ).all()
    stands = set(
        work.db.scalars(
            select(Claim.id).where(
                among(work, Claim.id, [row.replaces_id or 0 for row in resent]),
                Claim.status.not_in(FALLEN),
            )
        )
    )
    moves = [ClaimMove(one, ClaimStatus.SUBMITTED, f"Sent in {number}") for one in ids]
    for row in resent:
        if row.replaces_id in stands:
            back = row.frequency is Frequency.VOID
            words = f"{'Taken back' if back else 'Replaced'} by {row.number}, sent in {number}"
            fallen = ClaimStatus.VOID if back else ClaimStatus.CLOSED
            moves.append(ClaimMove(row.replaces_id, fallen, words, replaced=True))
    move_claims(work, moves)
    take_charges(work, ids)
    take_uses(work, ids)
    work.db.flush()
    run_many(
        work,
        "UPDATE claim SET first_sent_on = coalesce(first_sent_on, ?), last_sent_on = ?"
        " WHERE id = ?",
        [(today, today, one) for one in ids],
    )
    work.db.expire_all()


def _made(batch: ClaimBatch, payer: str) -> SentBatch:
    return SentBatch(
        *(batch.id, batch.number, batch.route, batch.claims, batch.total),
        *(batch.file_name, batch.sha256, batch.interchange, payer),
    )


def _stored_key(request_key: str | None) -> str | None:
    """Return the key as its batches keep it: one command may make several of them."""
    key = key_of(request_key)
    return None if key is None else hashlib.sha256(key.encode()).hexdigest()[:48]


def _sent_before(work: Work, key: str | None, plan: BatchPlan) -> Sent | None:
    """Return what was sent under this key. Raises Problem where these are other claims."""
    if key is None:
        return None
    found = work.db.scalars(
        select(ClaimBatch)
        .where(ClaimBatch.request_key.startswith(f"{key}/"))
        .order_by(ClaimBatch.id)
    ).all()
    if not found:
        return None
    now = {claim.claim_id for claim in plan.going}
    then = select(ClaimSending.claim_id).where(
        ClaimSending.batch_id.in_([batch.id for batch in found])
    )
    if now and now.isdisjoint(work.db.scalars(then)):
        raise Problem(
            f"{found[0].number} was made under the same key with other facts.",
            hint="Nothing was sent. Send these claims with a key of their own.",
        )
    return Sent(
        tuple(_made(batch, _payer_of(work, batch)) for batch in found),
        repeated=True,
        sent_at=found[0].made_at,
    )


def _payer_of(work: Work, batch: ClaimBatch) -> str:
    """Return whose portal a batch is for."""
    if batch.route is not Route.PORTAL:
        return ""
    named = (
        select(Payer.name)
        .join(Claim, Claim.payer_id == Payer.id)
        .join(ClaimSending, ClaimSending.claim_id == Claim.id)
        .where(ClaimSending.batch_id == batch.id)
        .limit(1)
    )
    return work.db.scalar(named) or ""
