"""What the bank adds to a session's story: its payments deposited, and shown by the bank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from fscdesk.services.banking.three_way import way_of_session
from fscdesk.services.work import Work


class BankStep(NamedTuple):
    """A step of the story; it opens the deposit's entry."""

    at: datetime
    day: date
    icon: str
    title: str
    detail: str
    entry_id: int


def bank_steps(work: Work, session_id: int) -> Iterator[BankStep]:
    """Yield for each payment of a session its deposit, and the bank's line that shows it."""
    for path in way_of_session(work, session_id).paths:
        if path.deposited_on is None or path.deposited_at is None or path.entry_id is None:
            continue
        whose = f"{path.payment} of {path.by}"
        yield BankStep(
            path.deposited_at,
            path.deposited_on,
            "landmark",
            "Deposited",
            f"{path.deposit}, {whose}",
            path.entry_id,
        )
        if path.banked_on is not None and path.banked_at is not None:
            yield BankStep(
                path.banked_at,
                path.banked_on,
                "circle-check",
                "At the bank",
                path.sentence,
                path.entry_id,
            )
