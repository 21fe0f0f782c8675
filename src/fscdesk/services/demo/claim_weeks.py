"""The weeks of the claims desk: send what is ready, read what comes back, follow the payers' money.

Only what the diary calls ``ours`` is billed from here; before, SimplePractice sent the claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Appeal, Claim, ClaimLine, ClaimStatus
from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending, Route
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.services.claim_answers import LineAnswer, note_answers
from fscdesk.services.claim_standing import FALLEN
from fscdesk.services.claims.acknowledging import apply_acknowledgment, plan_acknowledgment
from fscdesk.services.claims.appealing import Outcome, close_appeal
from fscdesk.services.claims.building import build_claims, plan_claims
from fscdesk.services.claims.correcting import resend_rejected
from fscdesk.services.claims.lifecycle import set_claim_status
from fscdesk.services.claims.portal_list import portal_list, tick
from fscdesk.services.claims.sending import plan_batch, send_claims
from fscdesk.services.demo.clearinghouse import UNKNOWN_MEMBER, acknowledge, answer_claims
from fscdesk.services.demo.diary import Appointment
from fscdesk.services.demo.scene import Scene
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work


def claims_of(scene: Scene, work: Work, ones: Iterable[Appointment]) -> dict[int, int]:
    """Return the newest standing first-payer claim by session, of appointments that have one."""
    sessions = sessions_of(scene, work, ones)
    rows = work.db.execute(
        select(ClaimLine.session_id, Claim.id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            among(work, ClaimLine.session_id, sessions),
            Claim.rank == 1,
            Claim.status.not_in(FALLEN),
        )
        .order_by(Claim.id)
    )
    return {row.session_id: row.id for row in rows}


def sessions_of(scene: Scene, work: Work, ones: Iterable[Appointment]) -> dict[int, Appointment]:
    """Return the sessions of appointments, those that the books have."""
    wanted = {
        (patient_id, one.day, one.minute): one
        for one in ones
        if (patient_id := scene.patient_id(one.client)) is not None
    }
    if not wanted:
        return {}
    days = [day for _, day, _ in wanted]
    rows = work.db.execute(
        select(Session.id, Session.patient_id, Session.day, Session.minute)
        .where(
            Session.day.between(min(days), max(days)),
            Session.withdrawn_by.is_(None),
            Session.attendance == Attendance.COMPLETED,
        )
        .order_by(Session.id)
    )
    return {
        row.id: wanted[key]
        for row in rows
        if (key := (row.patient_id, row.day, row.minute)) in wanted
    }


def build_week(scene: Scene, on: date) -> None:
    """Build the claims of what this week's batch shall carry."""

    def act(work: Work) -> None:
        found = sessions_of(
            scene, work, [one for one in scene.diary if one.sent == on and one.ours]
        )
        ready = select(Session.id).where(
            among(work, Session.id, found), Session.billing_status == BillingStatus.READY_TO_BILL
        )
        plan = plan_claims(work, list(work.db.scalars(ready)))
        if plan.claims:
            build_claims(work, plan)

    scene.clerk(act)


def send_week(scene: Scene, on: date) -> None:
    """Send what waits, and what was rejected and is mended."""

    def act(work: Work) -> None:
        again = [one for one in scene.diary if one.ours and one.resent == on]
        rejected = select(Claim.id, Claim.version).where(
            among(work, Claim.id, set(claims_of(scene, work, again).values())),
            Claim.status == ClaimStatus.REJECTED,
        )
        resend_rejected(work, {row.id: row.version for row in work.db.execute(rejected)})
        send_what_waits(work)

    scene.clerk(act)


def send_what_waits(work: Work, claim_ids: Collection[int] | None = None) -> None:
    """Send what can go, if anything can."""
    plan = plan_batch(work, claim_ids)
    if plan.going:
        send_claims(work, plan)


def read_999(scene: Scene) -> None:
    """Read the 999 of every file that went; enter the claims of portals by hand."""
    scene.clerk(_read_999)
    scene.clerk(_work_portals)


def _read_999(work: Work) -> None:
    for batch in _batches(work, BatchState.SENT):
        _read(work, f"{batch.number}.999", acknowledge(_text(batch), _now(work)))


def read_277ca(scene: Scene) -> None:
    """Read the 277CA of every file that was acknowledged and whose claims were not answered."""

    def act(work: Work) -> None:
        refused = claims_of(scene, work, [one for one in scene.diary if one.ours and one.rejected])
        for batch in _batches(work, BatchState.ACKNOWLEDGED):
            open_ones = select(Claim.number, Claim.id).where(
                Claim.id.in_(
                    select(ClaimSending.claim_id).where(ClaimSending.batch_id == batch.id)
                ),
                Claim.status == ClaimStatus.ACKNOWLEDGED,
            )
            rows = work.db.execute(open_ones).all()
            if not rows:
                continue
            first = _first_sent(work, [row.id for row in rows])
            goes_back = {
                row.number.replace("-", ""): UNKNOWN_MEMBER
                for row in rows
                if row.id in refused.values() and row.id in first
            }
            text = answer_claims(_text(batch), goes_back, _now(work))
            _read(work, f"{batch.number}.277", text)

    scene.clerk(act)


def _first_sent(work: Work, claim_ids: Sequence[int]) -> set[int]:
    """Return the claims that were sent once only: what was mended is taken."""
    rows = work.db.scalars(
        select(ClaimSending.claim_id).where(among(work, ClaimSending.claim_id, claim_ids))
    )
    sent = list(rows)
    return {one for one in sent if sent.count(one) == 1}


def _read(work: Work, name: str, text: str) -> None:
    apply_acknowledgment(work, plan_acknowledgment(work, name, text.encode("ascii")))


def _batches(work: Work, state: BatchState) -> list[ClaimBatch]:
    found = select(ClaimBatch).where(
        ClaimBatch.state == state, ClaimBatch.route == Route.ELECTRONIC
    )
    return list(work.db.scalars(found.order_by(ClaimBatch.id)))


def _text(batch: ClaimBatch) -> str:
    return bytes(batch.content or b"").decode("ascii")


def _now(work: Work) -> datetime:
    return work.now().astimezone(work.zone).replace(tzinfo=None)


def _work_portals(work: Work) -> None:
    """Enter the claims of portals; of the newest list the last claim waits."""
    found = (
        select(ClaimBatch).where(ClaimBatch.route == Route.PORTAL).order_by(ClaimBatch.id.desc())
    )
    for batch in work.db.scalars(found.limit(1)).all():
        shown = portal_list(work, batch.id)
        for claim in shown.claims[:-1] or shown.claims:
            for step in claim.steps:
                if not step.done_by:
                    last = step is claim.steps[-1]
                    tick(
                        work,
                        claim.sending_id,
                        step.step,
                        reference=f"P{claim.sending_id:06d}" if last else "",
                    )


def note_money(scene: Scene, since: date, on: date) -> None:
    """Note on the claims what payers have answered, as SimplePractice's report tells it.

    Of answers after ``since``, up to ``on``.
    """
    told = [
        one
        for one in scene.diary
        if one.ours and any(since < answer.day <= on for answer in one.answers)
    ]

    def act(work: Work) -> None:
        sessions = sessions_of(scene, work, told)
        stays = {key for key, one in sessions.items() if _denial_stands(one, on)}
        answers: dict[int, list[LineAnswer]] = defaultdict(list)
        for charge in work.db.scalars(
            select(Charge)
            .where(
                among(work, Charge.session_id, sessions.keys() - stays),
                Charge.voided_on.is_(None),
                Charge.payer_id.is_not(None),
            )
            .order_by(Charge.id)
        ):
            answers[charge.payer_id or 0].append(LineAnswer(charge.id))
        for payer_id, lines in sorted(answers.items()):
            note_answers(work, payer_id, lines, source="SimplePractice", day=on)
        end_appeals(work)
        _close(work, claims_of(scene, work, [sessions[key] for key in stays]).values())

    if told:
        scene.clerk(act)


def _denial_stands(one: Appointment, on: date) -> bool:
    """Return whether the payer's last answer is that it pays nothing, after a denial."""
    last = [answer for answer in one.answers if answer.day <= on][-1]
    denied = bool(one.notes or one.remitted)
    return denied and not last.paid and last.write_off == one.fee - one.share


def end_appeals(work: Work) -> None:
    """Close the appeals of claims for which money came."""
    won = (
        select(Appeal)
        .join(Claim, Claim.id == Appeal.claim_id)
        .where(Appeal.outcome == "", Appeal.sent_on.is_not(None), Claim.status == ClaimStatus.PAID)
        .order_by(Appeal.id)
    )
    for appeal in work.db.scalars(won).all():
        close_appeal(work, appeal.id, Outcome.WON, work.today(), expected_version=appeal.version)


def _close(work: Work, claim_ids: Collection[int]) -> None:
    """Close claims whose denial nobody argues with any more."""
    found = select(Claim.id, Claim.status).where(
        among(work, Claim.id, set(claim_ids)), Claim.status == ClaimStatus.DENIED
    )
    seen = {row.id: row.status for row in work.db.execute(found)}
    if seen:
        why = "The denial stands; the rest was written off"
        set_claim_status(work, seen, ClaimStatus.CLOSED, reason=why)
