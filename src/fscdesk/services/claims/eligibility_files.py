"""Puts a question about coverage (270) into the outbox, whole, as it is kept with its trace.

The question is saved first, the file goes out in a second write; it can be written again.
"""

from __future__ import annotations

from pathlib import Path

from fscdesk.models.eligibility import EligibilityCheck
from fscdesk.services.audit import record
from fscdesk.services.claims import policies
from fscdesk.services.claims.eligibility import DOING
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.work import Work

__all__ = ["write_question"]


def write_question(work: Work, check_id: int) -> Path:
    """Write the file of a question into the outbox and return where it lies.

    Raises Problem where no outbox is set, where the folder does not take the file, and for an
    answer that nobody asked for from here.
    """
    require(work, Right.MAKE_CLAIMS, DOING)
    check = work.db.get(EligibilityCheck, check_id)
    if check is None or not check.request:
        raise Problem(
            "There is no question to write.", hint="Nothing was written. Ask the payer anew."
        )
    folder = policies.outbox(work)
    if folder is None:
        raise Problem(
            f"Question {check.trace} is kept, but no outbox is set.",
            hint="Name a folder under Setup, Policies, then write the file again from here.",
        )
    path = folder / f"270-{check.trace}.270"
    save_bytes(path, check.request.encode("ascii"))
    record(work, "write_question", "eligibility_check", check_id, trace=check.trace)
    return path
