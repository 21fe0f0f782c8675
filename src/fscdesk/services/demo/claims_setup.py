"""What the fictional office decides about claims: how files go, who supervises, a rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim_rule import RuleAct
from fscdesk.models.provider import Provider
from fscdesk.services.claims import policies
from fscdesk.services.claims.payer_rules import Condition
from fscdesk.services.claims.rule_setup import RuleFields, add_rule
from fscdesk.services.claims.rule_weights import add_supervision
from fscdesk.services.demo import cast, clearinghouse
from fscdesk.services.demo.season import Season
from fscdesk.services.setup.payers import payers
from fscdesk.services.setup.providers import ProviderFields, add_provider
from fscdesk.services.setup.settings import change_setting, setting
from fscdesk.services.work import Work

ASSOCIATE: Final = "Ines Practicum"
"""Works under supervision, and has no NPI yet."""
_SENDER: Final = {
    policies.SUBMITTER_ID: "SPRINGS01",
    policies.SUBMITTER_CONTACT: "Clara Clerkson",
    policies.RECEIVER_ID: clearinghouse.ID,
    policies.RECEIVER_NAME: clearinghouse.NAME,
    policies.DEFAULT_PLACE: "11",
}
_CASE_NUMBER: Final = "The card of an assistance program names a case. Is it the member id?"


def decide_claims(work: Work, season: Season) -> None:
    """Write the settings of claim files, who supervises whom, and a rule of the office's own."""
    for key, value in _SENDER.items():
        change_setting(work, key, value, seen=setting(work, key))
    associate = add_provider(work, ProviderFields(ASSOCIATE, credentials="LAC"))
    supervisor = _clinician(work, cast.SUPERVISOR)
    since = season.today - timedelta(days=120)
    add_supervision(work, associate, supervisor, since, since + timedelta(days=365))
    program = next(row.id for row in payers(work) if row.fields.payer_code == cast.PAYERS[-1].code)
    add_rule(
        work,
        RuleFields(
            name="Employee assistance: the case number",
            act=RuleAct.WARN,
            conditions=(Condition("code", "one_of", ("90791",)),),
            valid_from=season.first,
            payer_id=program,
            message=_CASE_NUMBER,
        ),
    )


def supervise_newcomer(work: Work, season: Season) -> None:
    """Say that the clinician who joined later was supervised until six weeks ago."""
    new, supervisor = (_clinician(work, number) for number in (cast.JOINS_LATER, cast.SUPERVISOR))
    add_supervision(work, new, supervisor, season.first, season.today - timedelta(days=42))


def _clinician(work: Work, number: int) -> int:
    named = select(Provider.id).where(Provider.name == cast.CLINICIANS[number].name)
    return work.db.scalars(named).one()
