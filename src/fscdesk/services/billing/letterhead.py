"""What a statement's letterhead lacks before anything is printed on it."""

from __future__ import annotations

from fscdesk.models.practice import Practice
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.work import Work


def missing_on_the_letterhead(work: Work) -> tuple[Finding, ...]:
    """Return what is missing from the letterhead: where a payment or returned mail goes."""
    practice = work.db.get_one(Practice, 1)
    if (practice.address1.strip() or practice.address2.strip()) and practice.city.strip():
        return ()
    return (
        Finding(
            "no-return-address",
            "Statements would print without a return address. Add it under Setup, Practice.",
            practice.name,
            Severity.WARNING,
        ),
    )
