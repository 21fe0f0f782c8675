"""What the account says of a question about coverage and of its answer."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from fscdesk.models.values import Money
from fscdesk.services.claims.eligibility import EligibilityRow
from fscdesk.services.claims.eligibility_reading import EligibilityRead
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.theme import Status

_NOT_ASKED = Status("Not asked", "neutral", "circle-question-mark")
_WAITS = Status("Asked, no answer yet", "amber", "clock")
_REFUSED = Status("Not answered", "orange", "triangle-alert")
_ACTIVE = Status("Active", "green", "circle-check")
_NOT_ACTIVE = Status("Not active", "red", "circle-x")
_UNSAID = Status("Does not say", "slate", "info")


def status_of(row: EligibilityRow | None) -> Status:
    """Return the badge of the newest question."""
    if row is None:
        return _NOT_ASKED
    if row.answered_at is None:
        return _WAITS
    if row.active is None:
        return _REFUSED if row.refusal else _UNSAID
    return _ACTIVE if row.active else _NOT_ACTIVE


def asked_words(row: EligibilityRow | None, zone: ZoneInfo) -> str:
    """Return who asked when and about which day, and why there is no answer, if so."""
    if row is None:
        return "Nobody has asked the payer about this policy yet."
    said = (
        f"Asked on {_day(row.asked_at, zone)} by {row.asked_by}, about {day_text(row.service_day)}"
    )
    if row.answered_at is not None:
        said += f"; answered on {_day(row.answered_at, zone)}"
    return f"{said}. {row.refusal}".strip()


def about(row: EligibilityRow, zone: ZoneInfo) -> str:
    """Return a question and its answer in one line."""
    plan = f", {row.plan_name}" if row.plan_name else ""
    return f"{_day(row.asked_at, zone)}: {status_of(row).word.lower()}{plan}"


def figures_of(row: EligibilityRow) -> tuple[tuple[str, str], ...]:
    """Return what an answer says of mental health in the network, each with its label."""
    left = f", {_money(row.deductible_left)} left" if row.deductible_left is not None else ""
    visits = "" if row.visits is None else count_text(row.visits, "visit")
    if row.visits_left is not None:
        visits = f"{visits}, {row.visits_left} left" if visits else f"{row.visits_left} left"
    pairs = (
        ("Plan", row.plan_name),
        ("Copay", _money(row.copay)),
        ("Coinsurance", "" if row.coinsurance_percent is None else f"{row.coinsurance_percent} %"),
        ("Deductible", f"{_money(row.deductible)}{left}".removeprefix(", ")),
        ("Out of pocket, left", _money(row.out_of_pocket_left)),
        ("Visits", visits),
    )
    said = tuple((label, value) for label, value in pairs if value)
    return said or (("Figures", "none named"),)


def read_words(read: EligibilityRead) -> str:
    """Return what reading a 271 has done, in sentences."""
    if read.already:
        return f"{read.already}. Nothing changed."
    said = f"{read.file_name}: {count_text(read.matched, 'answer')} read."
    if read.unmatched:
        are = "is" if read.unmatched == 1 else "are"
        said += f" {count_text(read.unmatched, 'answer')} {are} about nobody in these books."
    inactive = sum(row.active is False for row in read.rows)
    if inactive:
        said += f" {count_text(inactive, 'policy', 'policies')} not active."
    return said


def raw_text(text: str) -> str:
    """Return an answer with each segment on its own line."""
    plain = text.strip()
    end = plain[-1:]
    return plain.replace(end, f"{end}\n").strip() if end and not end.isalnum() else plain


def _money(amount: Money | None) -> str:
    return "" if amount is None else money_text(amount, zero_dash=False)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return day_text(at.astimezone(zone).date())
