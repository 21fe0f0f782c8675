"""Bills what a clinician without an own NPI has done under the supervisor, from now on.

The source of it is two things that stay: who supervises the clinician, and a claim rule that says
so for the payer. The claims that wait take both at once.
"""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.claim import Claim
from fscdesk.models.claim_rule import RuleAct
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.services.audit import record
from fscdesk.services.claim_statuses import lock_claims
from fscdesk.services.claims.mending import SUPERVISING, WAITING, Mended, mend_source
from fscdesk.services.claims.payer_rules import OWN_SUPERVISOR, Condition, read_rules
from fscdesk.services.claims.rule_setup import RuleFields, add_rule
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.writing_changes import FieldChange, write_changes
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

RENDERING, LONGEST_NAME = "rendering", 100


def bill_under(work: Work, claim_id: int, supervisor_id: int, *, expected_version: int) -> Mended:
    """Name the clinician's supervisor, and bill the payer of this claim under that one's NPI.

    ``expected_version`` is that of the clinician. Raises ChangedElsewhere when the clinician was
    changed meanwhile; Problem for a supervisor without an NPI, or the clinician's own self.
    """
    require(work, Right.MAKE_CLAIMS, "mend claims")
    (claim,) = lock_claims(work, [claim_id])
    clinician = work.db.get_one(Provider, claim.rendering_id)
    supervisor = work.db.get(Provider, supervisor_id)
    if supervisor is None or not supervisor.npi:
        name = "This clinician" if supervisor is None else supervisor.name
        raise Problem(
            f"{name} has no NPI either.", hint="Nothing was saved. Choose somebody who has one."
        )
    who, payer_id = (clinician.id, clinician.name), claim.payer_id
    mend_source(work, claim_id, SUPERVISING, supervisor_id, expected_version=expected_version)
    waiting = list(
        work.db.scalars(
            select(Claim.id)
            .where(
                Claim.status.in_(WAITING),
                Claim.rendering_id == who[0],
                Claim.payer_id == payer_id,
            )
            .order_by(Claim.id)
        )
    )
    words = _rule(work, who, payer_id, waiting)
    for one in lock_claims(work, waiting):
        one.rendering_id = supervisor_id
        if one.supervising_id == supervisor_id:
            one.supervising_id = None
        work.db.flush()
        write_changes(work, one.id, [FieldChange(RENDERING, who[1], supervisor.name)], source=words)
    record(
        work,
        "bill_under_supervisor",
        "provider",
        who[0],
        supervisor=supervisor_id,
        payer=payer_id,
        claims=len(waiting),
    )
    work.touch(Topic.CLAIMS, Topic.PROVIDERS)
    scrub_claims(work, waiting)
    return Mended("who supervises this clinician, and a claim rule", tuple(waiting))


def _rule(work: Work, who: tuple[int, str], payer_id: int, claim_ids: list[int]) -> str:
    """Let the payer's claims of this clinician name the supervisor; return the rule's name."""
    condition = Condition(RENDERING, "one_of", (str(who[0]),))
    wanted = (RENDERING, OWN_SUPERVISOR, (condition,), None)
    for one in read_rules(work):
        same = (one.field, one.value, one.conditions, one.valid_to) == wanted
        if same and one.payer_id in (None, payer_id):
            return one.name
    payer = work.db.get_one(Payer, payer_id).name
    first = min(work.db.scalars(select(Claim.first_day).where(Claim.id.in_(claim_ids))))
    rule = RuleFields(
        name=f"{who[1]} goes under the supervisor at {payer}"[:LONGEST_NAME],
        act=RuleAct.SET,
        conditions=(condition,),
        valid_from=first,
        payer_id=payer_id,
        field=RENDERING,
        value=OWN_SUPERVISOR,
    )
    add_rule(work, rule)
    return rule.name
