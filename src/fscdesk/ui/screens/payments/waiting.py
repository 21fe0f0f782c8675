"""How much waits in Payments for the person at the desk. Read for the rail: it loads no screen."""

from __future__ import annotations

from fscdesk.services.payments.approving import queue
from fscdesk.services.payments.queries import refund_counts
from fscdesk.services.remittances.listing import remittance_counts
from fscdesk.services.work import Work


def waiting_for_me(work: Work) -> int:
    """Return how many requests the person at the desk may decide."""
    return sum(row.may_decide for row in queue(work))


def waiting_here(work: Work) -> int:
    """Return how much waits for the person at the desk.

    Requests to decide, refunds to pay, remittances to post.
    """
    return waiting_for_me(work) + refund_counts(work)["open"] + remittances_waiting(work)


def remittances_waiting(work: Work) -> int:
    """Return how many remittances need somebody."""
    return remittance_counts(work)["needs"]
