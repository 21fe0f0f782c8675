"""A client with two payers: the first's EOB, the claim to the second, one that crossed over."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim
from fscdesk.models.payer import Payer
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.claims.building import build_claims, plan_secondary
from fscdesk.services.claims.crossing import mark_crossed_over
from fscdesk.services.demo import cast
from fscdesk.services.demo.claim_weeks import send_what_waits, sessions_of
from fscdesk.services.demo.diary import Appointment, Corner, Tale
from fscdesk.services.demo.scene import Scene
from fscdesk.services.patients.coverage import PolicyFields, add_policy
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.typed_eobs import COINSURANCE, EobLine, post_eob
from fscdesk.services.work import Work

_CORNERS: Final = (Corner.SECOND_PAYER, Corner.CROSSED_OVER)
_COINSURANCE: Final = 5
"""A fifth of what is allowed is left to the second payer."""


def second_cards(scene: Scene) -> None:
    """Add the policies of a second insurer, whose cards clients have brought."""

    def act(work: Work) -> None:
        code = cast.PAYERS[cast.SECONDARY].code
        payer = work.db.scalars(select(Payer.id).where(Payer.payer_code == code)).one()
        told = [one for one in scene.diary if one.tale is Tale.PASSED_ON]
        for ones in (*(_ones(scene, corner) for corner in _CORNERS), told):
            for one in sessions_of(scene, work, ones).values():
                patient_id = scene.patient_id(one.client)
                if patient_id is None:
                    continue
                fields = PolicyFields(
                    payer_id=payer,
                    rank=2,
                    member_id=f"{cast.PAYERS[cast.SECONDARY].prefix}{one.client.card}",
                    valid_from=one.day.replace(day=1),
                )
                add_policy(work, patient_id, fields)

    scene.clerk(act)


def first_payers_letter(scene: Scene) -> None:
    """Type the first payer's EOB: it pays four fifths of what it allows."""

    def act(work: Work) -> None:
        sessions = sessions_of(scene, work, _ones(scene, *_CORNERS))
        open_ones = list(
            work.db.scalars(
                select(Charge)
                .where(
                    Charge.session_id.in_(sessions),
                    Charge.insurance_balance > ZERO,
                    Charge.voided_on.is_(None),
                )
                .order_by(Charge.id)
            )
        )
        for number, charge in enumerate(open_ones, start=1):
            line = _answer(charge, sessions[charge.session_id or 0])
            new = NewPayment(
                line.paid,
                PaymentMethod.CHECK,
                work.today(),
                payer_id=charge.payer_id,
                reference=f"000055112{number}",
                check_on=work.today() - timedelta(days=5),
            )
            post_eob(work, new, [line])

    scene.clerk(act)


def bill_second_payer(scene: Scene) -> None:
    """Send the claim to the second payer; of the other one the first payer says that it did."""

    def act(work: Work) -> None:
        for corner in _CORNERS:
            sessions = sessions_of(scene, work, _ones(scene, corner))
            plan = plan_secondary(work, list(sessions))
            if not plan.claims:
                continue
            built = build_claims(work, plan)
            if corner is Corner.CROSSED_OVER:
                for claim_id in built.claim_ids:
                    seen = work.db.get_one(Claim, claim_id).version
                    mark_crossed_over(work, claim_id, work.today(), expected_version=seen)
            else:
                send_what_waits(work, built.claim_ids)

    scene.clerk(act)


def _answer(charge: Charge, one: Appointment) -> EobLine:
    assert one.payer is not None
    allowed = cast.allowed(one.payer, charge.amount.cents)
    left = Money((allowed - charge.patient_share.cents) // _COINSURANCE)
    covered = charge.insurance_balance - Money(charge.amount.cents - allowed)
    return EobLine(
        charge.id,
        paid=covered - left,
        contractual=Money(charge.amount.cents - allowed),
        patient=left,
        patient_reason=COINSURANCE,
    )


def _ones(scene: Scene, *corners: Corner) -> list[Appointment]:
    return [one for one in scene.diary if one.corner in corners]
