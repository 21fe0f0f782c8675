"""Notes that an earlier payer passed a claim on by itself (crossover), so it is not sent here.

The earlier payer says so on its answer (835 status 19 to 21, NM1*TT, remark MA07 or MA18). The
next payer has the claim then, without a file of ours: it waits for that payer's answer, and the
wait ages like any other (``domain/features.md`` 3.3, 29).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from fscdesk.models.claim import ClaimStatus
from fscdesk.services.audit import record
from fscdesk.services.claim_statuses import ClaimMove, move_claims
from fscdesk.services.claims.scrubbing import scrub_claims
from fscdesk.services.claims.writing_changes import (
    FieldChange,
    locked_claim,
    require_status,
    write_changes,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

FIELD: Final = "crossed_over"
_UNSENT: Final = (ClaimStatus.DRAFT, ClaimStatus.SCRUBBED)
_DOING: Final = "note that a payer passed a claim on"


def mark_crossed_over(work: Work, claim_id: int, on: date, *, expected_version: int) -> None:
    """Note that the next payer got a claim from the payer before it on a day; it is not sent.

    The claim is pending from then on. Raises Problem for the first payer's claim, for one that
    was sent from here, and for a day that is ahead.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    claim = locked_claim(work, claim_id, expected_version)
    require_status(claim, _UNSENT, "What was sent from here was not passed on by a payer.")
    if claim.rank == 1:
        raise Problem(
            f"Claim {claim.number} goes to the first payer; nobody passes it on.",
            hint="Nothing was changed. Only a claim to the next payer can be passed on.",
        )
    if on > work.today():
        raise Problem(f"{on:%m/%d/%Y} has not come yet.", hint="Nothing was changed.")
    claim.crossed_over = True
    claim.first_sent_on = claim.last_sent_on = on
    work.db.flush()
    write_changes(work, claim_id, [FieldChange(FIELD, "", f"on {on:%m/%d/%Y}")])
    move_claims(
        work,
        [ClaimMove(claim_id, ClaimStatus.PENDING, "The earlier payer passed it on (crossover)")],
    )
    record(work, "mark_crossed_over", "claim", claim_id, on=on.isoformat())
    work.touch(Topic.CLAIMS)


def take_crossing_back(work: Work, claim_id: int, *, expected_version: int) -> None:
    """Note that it was not passed on after all: the claim is a draft again, and is checked.

    Raises Problem for a claim that was not passed on, or that its payer has answered.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    claim = locked_claim(work, claim_id, expected_version)
    if not claim.crossed_over or claim.status is not ClaimStatus.PENDING:
        raise Problem(
            f"Claim {claim.number} does not wait for a payer that got it from another.",
            hint="Nothing was changed. Look at it again.",
        )
    claim.crossed_over = False
    claim.first_sent_on = claim.last_sent_on = None
    work.db.flush()
    write_changes(work, claim_id, [FieldChange(FIELD, "passed on", "not passed on")])
    move_claims(work, [ClaimMove(claim_id, ClaimStatus.DRAFT, "It was not passed on")])
    record(work, "take_crossing_back", "claim", claim_id)
    work.touch(Topic.CLAIMS)
    scrub_claims(work, [claim_id])
