"""The office's weeks with remittances: the file comes, is read, looked at, and posted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import (
    Automation,
    Remittance,
    RemittanceClaim,
    RemittanceStatus,
    Unposted,
)
from fscdesk.models.values import ZERO
from fscdesk.services.claim_standing import UNSENT
from fscdesk.services.claims import policies
from fscdesk.services.claims.assembling import contents
from fscdesk.services.demo.claim_weeks import claims_of, end_appeals, sessions_of
from fscdesk.services.demo.era_payers import Billed, Payers
from fscdesk.services.demo.era_writing import Payee, write_era
from fscdesk.services.demo.payers_say import said_on
from fscdesk.services.demo.scene import Scene
from fscdesk.services.demo.season import WEEK
from fscdesk.services.id_sets import among
from fscdesk.services.remittances.answered import REVERSAL
from fscdesk.services.remittances.incoming import EraDone, apply_era
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.setup.practice import practice
from fscdesk.services.setup.settings import setting
from fscdesk.services.work import Work

_WHY_UNDONE: Final = "Posted before the transfer was seen at the bank"


def read_week(scene: Scene, world: Payers, on: date) -> None:
    """Read the payers' file of a week; look through what is to be looked at, but for the newest."""

    def act(work: Work) -> None:
        checks = world.checks(on, *_billed(scene, work, on))
        if not checks:
            return
        at = work.now().astimezone(work.zone).replace(tzinfo=None)
        text = write_era(checks, _payee(work), int(f"{on:%y%m%d}"), at)
        done = apply_era(work, f"ERA {on:%Y-%m-%d}.835", text.encode("ascii"), clicked=True)
        if on != scene.season.readings[-1]:
            _post_reviewed(work, done)
            _keep_paid_twice(work, done)
        end_appeals(work)

    scene.clerk(act)


def _billed(scene: Scene, work: Work, on: date) -> tuple[list[Billed], Mapping[int, int]]:
    """Return what payers have on claims and answer now, and the clients' parts by charge."""
    said = {id(one): each for one, each in said_on(scene.diary, on)}
    ones = [one for one in scene.diary if id(one) in said]
    sessions = sessions_of(scene, work, ones)
    claims = claims_of(scene, work, ones)
    away = select(Claim.id).where(
        among(work, Claim.id, set(claims.values())),
        Claim.status.not_in(UNSENT | {ClaimStatus.REJECTED}),
    )
    known = contents(work, set(work.db.scalars(away)))
    billed = [
        Billed(session_id, one, said[id(one)], known[claims[session_id]])
        for session_id, one in sessions.items()
        if claims.get(session_id) in known
    ]
    charge_ids = {line.charge_id for one in billed for line in one.content.lines}
    rows = work.db.execute(
        select(Charge.id, Charge.patient_share).where(among(work, Charge.id, charge_ids))
    )
    return billed, {row.id: row.patient_share.cents for row in rows}


def _payee(work: Work) -> Payee:
    facts = practice(work).fields
    sender = setting(work, policies.SUBMITTER_ID)
    return Payee(facts.name, facts.npi, facts.tax_id.replace("-", ""), str(sender))


def _post_reviewed(work: Work, done: EraDone) -> None:
    """Post what a person has looked through."""
    for each, remittance_id, posted in zip(
        done.plan.transactions, done.kept, done.posted, strict=True
    ):
        if posted is None and each.automation is Automation.REVIEW and each.remittance.balanced:
            post_remittance(work, remittance_id)


def _keep_paid_twice(work: Work, done: EraDone) -> None:
    """Say of what was paid twice that it is so: it waits with its charge for the payer."""
    rows = work.db.execute(
        select(RemittanceClaim.remittance_id, RemittanceClaim.position)
        .where(
            among(work, RemittanceClaim.remittance_id, done.kept),
            RemittanceClaim.why == Unposted.PAYS_TOO_MUCH,
        )
        .order_by(RemittanceClaim.id)
    )
    for row in rows.all():
        agreed = [row.position]
        post_remittance(work, row.remittance_id, positions=agreed, agreed=agreed)


def undo_and_post_again(scene: Scene, on: date) -> None:
    """Take a remittance of the last reading out of the books, and post it a little later."""

    def which(work: Work) -> int | None:
        """The smallest that nothing else hangs on."""
        tied = select(Recoupment.remittance_id)
        back = select(RemittanceClaim.remittance_id).where(RemittanceClaim.status_code == REVERSAL)
        found = (
            select(Remittance.id)
            .where(
                Remittance.status == RemittanceStatus.POSTED,
                Remittance.paid_on.between(on - WEEK, on),
                Remittance.id.not_in(tied),
                Remittance.id.not_in(back),
                Remittance.amount > ZERO,
            )
            .order_by(Remittance.claims, Remittance.id)
            .limit(1)
        )
        return work.db.scalar(found)

    remittance_id = scene.office.read(which)
    if remittance_id is not None:
        scene.manager(lambda work: undo_remittance(work, remittance_id, _WHY_UNDONE))
        scene.clerk(lambda work: post_remittance(work, remittance_id))
