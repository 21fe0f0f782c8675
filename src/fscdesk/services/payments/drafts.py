"""Keeps what somebody has half entered of a payment, for that person alone, through any crash.

A draft is about one payer or one guarantor (``payer:3``), or about nobody yet (``new``). It is
a preference of the person at the desk: nobody else sees it, and nothing of it is posted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fscdesk.services.preferences import preference, preferences, put_preference
from fscdesk.services.work import Work

KEY: Final = "payment-draft/"
LAST: Final = "payment-entry"


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A half-entered payment: about whom, when it was typed last (UTC), and what stood there."""

    about: str
    at: datetime
    content: Mapping[str, Any]


def keep_draft(work: Work, about: str, content: Mapping[str, Any]) -> None:
    """Keep what stands in the form; the draft about the same payer or guarantor is replaced."""
    put_preference(work, f"{KEY}{about}", {"at": work.now().isoformat(), **content})


def forget_draft(work: Work, about: str) -> None:
    """Forget a draft: it was posted, or thrown away. There need not be one."""
    put_preference(work, f"{KEY}{about}", None)


def drafts(work: Work) -> tuple[PaymentDraft, ...]:
    """Return the drafts of the person at the desk, the newest first."""
    found = [
        PaymentDraft(
            key.removeprefix(KEY),
            datetime.fromisoformat(content["at"]),
            {name: value for name, value in content.items() if name != "at"},
        )
        for key, content in preferences(work, KEY).items()
    ]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def remember_choices(work: Work, choices: Mapping[str, str]) -> None:
    """Remember who paid last and how: the next payment begins with it."""
    put_preference(work, LAST, dict(choices))


def last_choices(work: Work) -> dict[str, str]:
    """Return what the person at the desk chose for the last payment; empty at first."""
    return {str(key): str(value) for key, value in (preference(work, LAST) or {}).items()}
