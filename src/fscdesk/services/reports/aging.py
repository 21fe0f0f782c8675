"""Aging: who owes what, for how long, as of any day, and the proof that it is the ledger's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.balance_checks import month_ends
from fscdesk.services.ledger.open_items import is_past
from fscdesk.services.permissions import Right, require
from fscdesk.services.reports.aging_names import Named, names_of, patients_word
from fscdesk.services.reports.aging_sums import (
    BUCKETS,
    NOBODY,
    UNAPPLIED,
    AgeBy,
    By,
    Key,
    Sums,
    open_sums,
)
from fscdesk.services.reports.aging_tie import Tie, tie_of
from fscdesk.services.work import Work

LATE_FROM = 2
"""What is older than two buckets (60 days) is called late."""
LONGEST_BUCKET = 365


@dataclass(frozen=True, slots=True)
class AgingRow:
    """Open amounts of one payer, patient, guarantor, clinician or session.

    ``key`` is its id; None is the row of all patients (by payer), NOBODY (0) what names none.
    ``buckets`` hold what is owed to the practice; ``unapplied`` what it owes, as a negative
    amount: overpayments and unapplied credits. ``balance`` is their sum, of which
    ``insurance`` is the payers' and ``patient`` the patients' part.
    """

    key: Key
    name: str
    second: str
    buckets: tuple[Money, ...]
    unapplied: Money
    balance: Money
    insurance: Money
    patient: Money

    @property
    def late_percent(self) -> int | None:
        """Return how much of what is owed is older than two buckets; None where nothing is."""
        owed = sum(bucket.cents for bucket in self.buckets)
        late = sum(bucket.cents for bucket in self.buckets[LATE_FROM:])
        return round(100 * late / owed) if owed else None


@dataclass(frozen=True, slots=True)
class Aging:
    """Who owed what at the end of a day. ``tie`` is None where no proof was asked for.

    ``past`` tells that something was posted after that day, so that lines were read.
    """

    as_of: date
    by: By
    age_by: AgeBy
    bucket_days: int
    past: bool
    rows: tuple[AgingRow, ...]
    total: AgingRow
    tie: Tie | None

    @property
    def ledger(self) -> Money | None:
        """Return the general ledger's figure (1100–1130, 2400, 2410) of that day."""
        return None if self.tie is None else self.tie.ledger

    @property
    def ties(self) -> bool | None:
        """Return whether aging and ledger agree."""
        return None if self.tie is None else self.tie.ties

    @property
    def difference(self) -> Money | None:
        """Return aging less ledger: 0.00 when the books are right."""
        return None if self.tie is None else self.tie.difference

    @property
    def offenders(self) -> tuple[str, ...]:
        """Return what explains a difference, in words."""
        return () if self.tie is None else self.tie.offenders

    @property
    def bucket_titles(self) -> tuple[str, ...]:
        """Return ``0–30``, ``31–60``, … ``Over 120``."""
        return bucket_titles(self.bucket_days)


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What was open at the end of a month, as the office saw it on that day."""

    day: date
    buckets: tuple[Money, ...]
    unapplied: Money


def aging(
    work: Work,
    *,
    as_of: date,
    by: By = By.PAYER,
    age_by: AgeBy = AgeBy.SERVICE,
    bucket_days: int = 30,
    prove: bool = True,
) -> Aging:
    """Return the aging of that day; the same answer next year as today.

    ``prove`` compares its total with the general ledger, which reads every line of the
    receivables; a screen may show the figures first and ask for ``tie_of`` afterwards.
    """
    require(work, Right.SEE_REPORTS, "see reports")
    require_bucket(bucket_days)
    past = is_past(work, as_of)
    found = open_sums(work, as_of=as_of, by=by, age_by=age_by, bucket_days=bucket_days, past=past)
    names = names_of(work, by, [key for key in found if key], as_of=as_of, past=past)
    whole = Sums()
    for sums in found.values():
        whole.include(sums)
    rows = sorted(
        (_row(key, _named(work, by, key, names), sums) for key, sums in found.items()),
        key=lambda row: (
            row.key is None,  # the patients' row closes the payers
            row.key == NOBODY,
            names[row.key].sort if row.key in names else "",
            row.key or 0,
        ),
    )
    total = _row(None, Named("All", "", ""), whole)
    tie = tie_of(work, as_of, total.balance, past=past) if prove else None
    return Aging(as_of, by, age_by, bucket_days, past, tuple(rows), total, tie)


def open_by_month_end(
    work: Work,
    as_of: date,
    months: int = 12,
    *,
    age_by: AgeBy = AgeBy.SERVICE,
    bucket_days: int = 30,
) -> tuple[MonthEnd, ...]:
    """Return what was open at the last month ends and on ``as_of`` itself, oldest first."""
    require(work, Right.SEE_REPORTS, "see reports")
    require_bucket(bucket_days)
    before = _months_before(as_of, months - 1)
    days = [*month_ends(before, as_of), as_of][-months:]
    out = []
    for done, day in enumerate(days):
        work.job.step(done, len(days), f"Aging of {day:%m/%d/%Y}")
        found = open_sums(work, as_of=day, by=None, age_by=age_by, bucket_days=bucket_days)
        row = _row(None, Named("", "", ""), found.get(None) or Sums())
        out.append(MonthEnd(day, row.buckets, row.unapplied))
    return tuple(out)


def bucket_titles(bucket_days: int) -> tuple[str, ...]:
    """Return the titles of the five buckets."""
    ends = [bucket_days * (bucket + 1) for bucket in range(BUCKETS - 1)]
    starts = [0, *(end + 1 for end in ends)]
    spans = [f"{start}–{end}" for start, end in zip(starts, ends, strict=False)]
    return (*spans, f"Over {ends[-1]}")


def require_bucket(bucket_days: int) -> None:
    """Refuse a width that gives no five buckets."""
    if not 1 <= bucket_days <= LONGEST_BUCKET:
        raise Problem(
            f"A bucket of {bucket_days} days is not possible.",
            hint=f"Choose from 1 to {LONGEST_BUCKET} days.",
        )


def _months_before(day: date, months: int) -> date:
    """Return the first of the month that lies so many months before the day's own."""
    at = day.year * 12 + day.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def _row(key: Key, named: Named, sums: Sums) -> AgingRow:
    insurance = Money(sum(sums.insurance))
    patient = Money(sum(sums.patient) + sums.credit)
    return AgingRow(
        key=key,
        name=named.name,
        second=named.second,
        buckets=tuple(
            Money(sums.insurance[bucket] + sums.patient[bucket]) for bucket in range(BUCKETS)
        ),
        unapplied=Money(sums.insurance[UNAPPLIED] + sums.patient[UNAPPLIED] + sums.credit),
        balance=insurance + patient,
        insurance=insurance,
        patient=patient,
    )


_NOBODY = {
    By.PAYER: "No payer named",
    By.PATIENT: "No client named",
    By.GUARANTOR: "No guarantor named",
    By.PROVIDER: "No clinician named",
    By.SESSION: "No session",
}


def _named(work: Work, by: By, key: Key, names: Mapping[int, Named]) -> Named:
    if key is None:
        return Named(patients_word(work), "", "")
    return names.get(key) or Named(_NOBODY[by], "", "")
