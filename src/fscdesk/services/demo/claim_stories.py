"""What the desk does with single claims: denials, appeals, corrections, each corner once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.claim import Appeal, Claim, ClaimLine, ClaimStatus
from fscdesk.models.coverage import Authorization
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.session import BillingStatus
from fscdesk.services.claim_answers import LineAnswer, note_answers
from fscdesk.services.claims.answers import ANSWERABLE, PayersAnswer, record_answer
from fscdesk.services.claims.appealing import (
    APPEALABLE,
    NewAppeal,
    make_letter,
    mark_appeal_sent,
    open_appeal,
)
from fscdesk.services.claims.authorization_rows import AuthorizationFields
from fscdesk.services.claims.authorizations import edit_authorization
from fscdesk.services.claims.correcting import CORRECTABLE, correct_claim, void_claim
from fscdesk.services.claims.editing import edit_claim, edits_of, hold_claim
from fscdesk.services.claims.mending import mend_source, source_of
from fscdesk.services.demo.claim_weeks import claims_of, send_what_waits, sessions_of
from fscdesk.services.demo.claims_setup import ASSOCIATE
from fscdesk.services.demo.clearinghouse import payers_number
from fscdesk.services.demo.desk import Turn
from fscdesk.services.demo.diary import Appointment, Corner
from fscdesk.services.demo.fates import DENIALS
from fscdesk.services.demo.scene import Scene
from fscdesk.services.work import Work

CARCS: Final = dict(zip(DENIALS, ("197", "31", "27", "22", "242"), strict=True))
_CORNERS: Final = {
    Corner.APPEAL: ("50", "Not shown to be medically necessary"),
    Corner.CORRECTED: ("11", "The diagnosis does not go with the procedure"),
    Corner.DENIED: ("4", "A modifier is missing"),
}
_ARGUMENT: Final = (
    "The treatment plan of the first visit and the progress notes show a moderate episode with "
    "weekly sessions as the guideline asks for. Both are enclosed."
)
_SOON: Final = timedelta(days=6)


def follow_notes(scene: Scene, turns: Sequence[Turn]) -> None:
    """Do with the claims of some appointments what the diary's notes of one day say."""
    acts: dict[BillingStatus, Callable[[Work, int, Turn], None]] = {
        BillingStatus.DENIED: _deny_as_noted,
        BillingStatus.APPEALING: _appeal_as_noted,
        BillingStatus.READY_TO_BILL: _correct_as_noted,
        BillingStatus.SUBMITTED: _send_as_noted,
    }

    def act(work: Work) -> None:
        for turn in turns:
            for claim_id in claims_of(scene, work, [turn.one]).values():
                acts[turn.note.status](work, claim_id, turn)

    if turns:
        scene.clerk(act)


def _deny_as_noted(work: Work, claim_id: int, turn: Turn) -> None:
    carc = CARCS[turn.note.reason]
    _deny(work, claim_id, turn.one, carc, turn.note.reason.partition(": ")[2])


def _deny(work: Work, claim_id: int, one: Appointment, carc: str, words: str) -> None:
    """Note a payer's denial; of a claim with several days only that of the one."""
    claim = work.db.get_one(Claim, claim_id)
    if claim.status not in ANSWERABLE:
        return
    days = select(func.count(func.distinct(ClaimLine.session_id))).where(
        ClaimLine.claim_id == claim_id
    )
    if work.db.scalars(days).one() > 1:
        charges = select(ClaimLine.charge_id).where(
            ClaimLine.claim_id == claim_id, ClaimLine.service_day == one.day
        )
        said = [LineAnswer(charge_id, carc) for charge_id in work.db.scalars(charges)]
        note_answers(work, claim.payer_id, said, source="", day=work.today())
        return
    number = claim.payer_number or payers_number(
        work.db.get_one(Payer, claim.payer_id).payer_code, claim.number.replace("-", "")
    )
    answer = PayersAnswer(
        ClaimStatus.DENIED,
        work.today(),
        carc=carc,
        group="CO",
        reason=words[:1].upper() + words[1:],
        payer_number=number,
    )
    record_answer(work, claim_id, answer, expected_version=claim.version)


def _appeal_as_noted(work: Work, claim_id: int, turn: Turn) -> None:
    claim = work.db.get_one(Claim, claim_id)
    if claim.status not in APPEALABLE:
        return
    new = NewAppeal(f"{turn.note.reason}. The documents are enclosed.")
    appeal_id = open_appeal(work, claim_id, new, expected_version=claim.version)
    for step in (make_letter, _sent):
        step(work, appeal_id, expected_version=work.db.get_one(Appeal, appeal_id).version)


def _correct_as_noted(work: Work, claim_id: int, _: Turn) -> None:
    _correct(work, claim_id)


def _send_as_noted(work: Work, claim_id: int, _: Turn) -> None:
    send_what_waits(work, [claim_id])


def _sent(work: Work, appeal_id: int, *, expected_version: int) -> None:
    mark_appeal_sent(work, appeal_id, work.today(), expected_version=expected_version)


def _correct(work: Work, claim_id: int) -> int | None:
    claim = work.db.get_one(Claim, claim_id)
    if claim.status not in CORRECTABLE or not claim.payer_number:
        return None
    return correct_claim(work, claim_id, expected_version=claim.version)


def deny_corners(scene: Scene) -> None:
    """Note the denials that are worked on later, or wait for the visitor."""

    def act(work: Work) -> None:
        for corner, (carc, words) in _CORNERS.items():
            for one, claim_id in _claims_at(scene, work, corner):
                _deny(work, claim_id, one, carc, words)

    scene.clerk(act)


def correct_corner(scene: Scene) -> None:
    """Send the corrected claim (7) of a denial."""

    def act(work: Work) -> None:
        for _, claim_id in _claims_at(scene, work, Corner.CORRECTED):
            corrected = _correct(work, claim_id)
            if corrected is not None:
                send_what_waits(work, [corrected])

    scene.clerk(act)


def take_back_corner(scene: Scene) -> None:
    """Take a claim back at its payer (8): it was sent for the wrong day's note."""

    def act(work: Work) -> None:
        for _, claim_id in _claims_at(scene, work, Corner.TAKEN_BACK):
            claim = work.db.get_one(Claim, claim_id)
            if claim.status in CORRECTABLE:
                why = "Sent with the note of another day"
                void = void_claim(work, claim_id, why, expected_version=claim.version)
                send_what_waits(work, [void])

    scene.clerk(act)


def appeal_corner(scene: Scene) -> None:
    """Open an appeal whose time ends soon; its letter is not written yet."""

    def act(work: Work) -> None:
        for _, claim_id in _claims_at(scene, work, Corner.APPEAL):
            claim = work.db.get_one(Claim, claim_id)
            if claim.status in APPEALABLE:
                new = NewAppeal(_ARGUMENT, scene.season.today + _SOON)
                open_appeal(work, claim_id, new, expected_version=claim.version)

    scene.clerk(act)


def keep_back(scene: Scene) -> None:
    """Keep three claims of the last batch back: one is held, two have something to mend."""
    scene.owner(lambda work: _keep_back(scene, work))


def _keep_back(scene: Scene, work: Work) -> None:
    for _, claim_id in _claims_at(scene, work, Corner.HELD):
        version = work.db.get_one(Claim, claim_id).version
        why = "The client asks to wait for the new card"
        hold_claim(work, claim_id, why, expected_version=version)
    for _, claim_id in _claims_at(scene, work, Corner.SHORT_ID):
        source = source_of(work, claim_id, "member_id")
        short = source.value[:-1]
        mend_source(work, claim_id, "member_id", short, expected_version=source.version)
    for _, claim_id in _claims_at(scene, work, Corner.NO_NPI):
        named = select(Provider.id).where(Provider.name == ASSOCIATE)
        new = replace(edits_of(work, claim_id), rendering_id=work.db.scalars(named).one())
        version = work.db.get_one(Claim, claim_id).version
        edit_claim(work, claim_id, new, expected_version=version)


def authorizations_run_out(scene: Scene) -> None:
    """Let the payer grant less: one authorization has two visits left, one a few days."""
    today = scene.season.today

    def act(work: Work) -> None:
        found = work.db.scalars(
            select(Authorization)
            .where(
                Authorization.valid_to > today + timedelta(days=30),
                Authorization.valid_from <= today,
                Authorization.used > 0,
                Authorization.used < Authorization.granted - 2,
            )
            .order_by(Authorization.id)
            .limit(2)
        ).all()
        for at, row in enumerate(found):
            fields = AuthorizationFields(
                payer_id=row.payer_id,
                number=row.number,
                granted=row.granted if at else row.used + 2,
                valid_from=row.valid_from,
                valid_to=today + timedelta(days=9) if at else row.valid_to,
                used_before=row.used_before,
            )
            edit_authorization(work, row.id, fields, expected_version=row.version)

    scene.clerk(act)


def _claims_at(scene: Scene, work: Work, corner: Corner) -> list[tuple[Appointment, int]]:
    """Return the appointments of a corner with their claims."""
    ones = [one for one in scene.diary if one.corner is corner]
    sessions = sessions_of(scene, work, ones)
    return [
        (sessions[session_id], claim_id)
        for session_id, claim_id in claims_of(scene, work, ones).items()
    ]
