"""What the office writes about accounts: notes, flags, a parked balance, a good-faith estimate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from fscdesk.models.service import Service
from fscdesk.services.billing.account_notes import add_note
from fscdesk.services.billing.estimates import NewEstimate, NewLine, make_estimate
from fscdesk.services.billing.flags import AccountFlags, flags_of, set_flags
from fscdesk.services.billing.parking import park
from fscdesk.services.demo.at_office import Story
from fscdesk.services.demo.people import Client
from fscdesk.services.demo.scene import Account, Scene
from fscdesk.services.work import Work

_NOTES = (
    (Story.PLAN_LATE, "Pays late since the new job. Call after 5 in the evening.", True),
    (Story.PLAN_LATE, "Promised the missing instalment for Friday.", False),
    (Story.AGENCY, "Three letters, no answer. Handed over with the manager's consent.", False),
    (Story.OVERPAID, "Paid by check and by bank transfer. Wants the money back.", False),
    (Story.FAMILY, "The mother pays for both children with one check.", True),
    (Story.SLIDING_FEE, "Proof of income runs out soon: ask for a new one.", False),
)


def notes(scene: Scene) -> None:
    """Write the notes of the accounts, some of them pinned."""
    for story, text, pinned in _NOTES:
        account = scene.first(story)
        if account is not None:
            scene.clerk(partial(add_note, patient_id=account.patient_id, text=text, pinned=pinned))


def flags(scene: Scene) -> None:
    """Flag a client who has died and one whose letters come back."""
    gone = _who_left(scene)
    if gone:
        died = gone[0].client.last + timedelta(days=20)
        _flag(scene, gone[0], deceased_on=died)
    if len(gone) > 1:
        _flag(scene, gone[1], bad_address=True)


def parked(scene: Scene) -> None:
    """Park a balance that nobody will work for now."""
    account = scene.first(Story.PARKED, Story.BAD_DEBT)
    if account is None:
        return
    reason = "Abroad until autumn, pays then"
    scene.clerk(lambda work: park(work, account.patient_id, reason=reason))


def estimate(scene: Scene) -> None:
    """Give a client who pays alone a good-faith estimate of the year."""
    account = scene.first(Story.PLAN_KEPT)
    if account is None:
        return

    def act(work: Work) -> None:
        code = account.client.code.split()[0]
        service = work.db.scalars(select(Service.id).where(Service.code == code)).one()
        make_estimate(
            work,
            NewEstimate(
                account.patient_id,
                (NewLine(service, 46),),
                diagnoses=(account.client.diagnosis,) if account.client.diagnosis else (),
            ),
        )

    scene.clerk(act)


def _who_left(scene: Scene) -> list[Account]:
    left = scene.season.today - timedelta(days=60)
    clients = {one.client.key: one.client for one in scene.diary if one.client.last < left}
    found = [scene.account(one) for one in clients.values() if _alone(one)]
    return [one for one in found if one is not None][-2:]


def _alone(client: Client) -> bool:
    return client.story is None and client.guarantor is None and bool(client.address.street)


def _flag(scene: Scene, account: Account, **changed: object) -> None:
    def act(work: Work) -> None:
        seen = flags_of(work, account.patient_id)
        fields: AccountFlags = replace(seen.fields, **changed)  # type: ignore[arg-type]
        set_flags(
            work,
            account.patient_id,
            fields,
            patient_version=seen.patient_version,
            guarantor_version=seen.guarantor_version,
        )

    scene.manager(act)
