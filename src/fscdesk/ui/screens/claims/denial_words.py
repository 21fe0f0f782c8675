"""How denials are called: categories, owners, what an answer is by now, how an appeal ended."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from fscdesk.services.claims.appealing import Outcome
from fscdesk.services.claims.denials import Category, DenialRow
from fscdesk.ui.screens.claims.wording import clock_mark, status_mark
from fscdesk.ui.text import day_text, short_day_text
from fscdesk.ui.theme import Status

CATEGORIES: Final = MappingProxyType(
    {
        Category.CONTRACT: Status("Contract", "neutral", "signature"),
        Category.PATIENT_SHARE: Status("Client’s share", "teal", "wallet"),
        Category.ELIGIBILITY: Status("Eligibility", "amber", "user-x"),
        Category.AUTHORIZATION: Status("Authorization", "violet", "stamp"),
        Category.CODING: Status("Coding", "blue", "hash"),
        Category.DUPLICATE: Status("Duplicate", "neutral", "copy"),
        Category.FILING_LIMIT: Status("Filing limit", "red", "alarm-clock"),
        Category.INFORMATION_MISSING: Status("Data missing", "amber", "circle-question-mark"),
        Category.COORDINATION: Status("Other payer", "sky", "users"),
        Category.MEDICAL_NECESSITY: Status("Necessity", "violet", "activity"),
        Category.PROVIDER: Status("Provider", "slate", "briefcase"),
        Category.BENEFIT_LIMIT: Status("Benefit limit", "orange", "hourglass"),
        Category.BUNDLED: Status("Bundled", "neutral", "merge"),
        Category.TAKE_BACK: Status("Take-back", "orange", "undo-2"),
        Category.INTEREST: Status("Interest", "neutral", "percent"),
        Category.OTHER: Status("Other", "neutral", "circle-dashed"),
    }
)
"""The badge of what a reason is about: one word or two, so that a column of them can be read."""
ELSEWHERE: Final = Status("Billed elsewhere", "neutral", "external-link")
NO_CLAIM: Final = "It was billed elsewhere; there is no claim of it here."
OUTCOMES: Final = MappingProxyType(
    {
        "": Status("Pending", "violet", "scale"),
        Outcome.WON.value: Status("Won", "green", "circle-check"),
        Outcome.PARTLY.value: Status("In part", "teal", "circle-dot"),
        Outcome.LOST.value: Status("Lost", "red", "circle-x"),
        Outcome.WITHDRAWN.value: Status("Let go", "neutral", "ban"),
    }
)
_NOW: Final = MappingProxyType(
    {
        "paid": Status("Paid since", "green", "circle-check"),
        "denied": Status("Denied", "red", "circle-x"),
        "": Status("Taken back", "orange", "undo-2"),
    }
)


def category_mark(category: Category | None) -> Status | None:
    """Return the badge of a category; None for what was not denied."""
    return None if category is None else CATEGORIES[category]


def stands_mark(row: DenialRow) -> Status:
    """Return the badge of the claim of a denied line."""
    return ELSEWHERE if row.status is None else status_mark(row.status.value)


def deadline_mark(row: DenialRow) -> Status | None:
    """Return the badge of the nearest limit; None where none runs."""
    return None if row.deadline is None else clock_mark(row.deadline)


def reason_words(row: DenialRow) -> str:
    """Return the payer's reason in our words, its code before it: ``CO-97: …``."""
    return f"{row.why}: {row.reason}" if row.why else row.reason


def next_words(row: DenialRow) -> str:
    """Return what is next with a denied line, and who does it; empty for nothing planned."""
    on = f" on {short_day_text(row.next_action_on)}" if row.next_action_on else ""
    planned = f"{row.next_action}{on}" if row.next_action else ""
    return ", ".join(part for part in (planned, row.assigned) if part)


def line_words(row: DenialRow) -> str:
    """Return how a sentence calls a denied line: ``90837 of 03/02/2026``."""
    return f"{row.code} of {day_text(row.day)}"


def now_mark(now: str, *, denied: bool) -> Status:
    """Return the badge of what an answer is by now; ``denied`` is whether it was one at first."""
    if now == "paid" and not denied:
        return Status("Paid", "green", "circle-check")
    return _NOW[now]
