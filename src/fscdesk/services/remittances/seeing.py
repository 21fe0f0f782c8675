"""Who may see what payers paid for clients: whoever posts it, or reads the practice's reports."""

from __future__ import annotations

from typing import Final

from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, may
from fscdesk.services.work import Work

__all__ = ["DENIALS", "REMITTANCES", "require_seeing"]

REMITTANCES: Final = (Right.SEE_REPORTS, Right.POST_PAYMENT)
"""Any of these lets a person see remittances, recoupments, and what was paid too little."""
DENIALS: Final = (*REMITTANCES, Right.MAKE_CLAIMS)
"""Any of these lets a person see what payers denied: it is worked by those who make claims."""


def require_seeing(work: Work, rights: tuple[Right, ...], what: str) -> None:
    """Raise Problem unless the person at the desk has one of the rights.

    ``what`` completes the sentence "You may not see …".
    """
    if not any(may(work, one) for one in rights):
        raise Problem(
            f"You may not see {what}.",
            hint="Nothing is shown. An administrator can grant it under Setup, People.",
        )
