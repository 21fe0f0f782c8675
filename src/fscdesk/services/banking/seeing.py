"""Who may see the practice's money at the bank: whoever deposits, reconciles, or reads reports."""

from __future__ import annotations

from typing import Final

from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work

__all__ = ["BANK", "require_seeing"]

BANK: Final = (Right.MAKE_DEPOSITS, Right.RECONCILE, Right.SEE_REPORTS)
"""Any of these lets a person see deposits, the bank's lines, and whose money they are."""


def require_seeing(work: Work, what: str) -> None:
    """Raise Problem unless the person at the desk may see the bank.

    ``what`` completes the sentence "You may not see …".
    """
    if not any(may(work, one) for one in BANK):
        raise Problem(
            f"You may not see {what}.",
            hint="Nothing is shown. An administrator can grant it under Setup, People.",
        )
