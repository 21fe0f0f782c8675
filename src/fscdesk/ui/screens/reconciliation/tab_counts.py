"""The numbers in the tabs of Reconciliation: how much waits in each."""

from __future__ import annotations

from collections.abc import Mapping

from fscdesk.services.banking.bank_waiting import lines_waiting
from fscdesk.services.permissions import Right, may
from fscdesk.services.reports.exception_list import exception_counts
from fscdesk.services.reports.payer_money import payers_apart
from fscdesk.services.work import Work
from fscdesk.ui.screens.payments.clearing_asking import clearing


def tab_counts(work: Work) -> Mapping[str, int]:
    """Return how much waits in the tabs that are counted; nothing a person may not see."""
    counts: dict[str, int] = {}
    if may(work, Right.RECONCILE):
        counts["bank"] = lines_waiting(work)
    if may(work, Right.SEE_REPORTS):
        counts["exceptions"] = sum(exception_counts(work).values())
        counts["payers"] = payers_apart(work)
        counts["paid"] = len(clearing(work).lines)
    return counts
