"""Aging as a table for paper and files, and as JSON for other programs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from fscdesk.models.values import Money
from fscdesk.services.reports.aging import Aging, AgingRow
from fscdesk.services.reports.aging_names import patient_word
from fscdesk.services.reports.aging_sums import BUCKETS, AgeBy, By
from fscdesk.services.table_report import Cell, ReportColumn, TableReport
from fscdesk.services.work import Work

_AGED: Final = {
    AgeBy.SERVICE: "the day of service",
    AgeBy.POSTING: "the day of posting",
    AgeBy.RESPONSIBILITY: "the day since when it is owed by its payer or client",
}


def aging_report(work: Work, aging: Aging) -> TableReport:
    """Return the aging as a table, with its totals and the proof as a note."""
    first, second = _titles(work, aging.by)
    columns = (
        ReportColumn("name", first),
        *((ReportColumn("second", second),) if second else ()),
        *(
            ReportColumn(f"bucket_{at}", title, "money", total=True)
            for at, title in enumerate(aging.bucket_titles)
        ),
        ReportColumn("unapplied", "Credits", "money", total=True),
        ReportColumn("balance", "Balance", "money", total=True),
        ReportColumn("late_percent", f"Over {2 * aging.bucket_days}", "percent"),
    )
    wide = bool(second)
    return TableReport(
        title=f"Aging by {first.lower()}",
        columns=columns,
        rows=[_cells(row, wide=wide) for row in aging.rows],
        printed_by=work.actor.name,
        printed_at=work.now().astimezone(work.zone),
        as_of=aging.as_of,
        filters=(f"Aged from {_AGED[aging.age_by]}", f"Buckets of {aging.bucket_days} days"),
        totals=_cells(aging.total, wide=wide),
        notes=_notes(aging),
    )


def aging_json(aging: Aging) -> dict[str, Any]:
    """Return the aging as one JSON document; amounts are texts such as ``-12.50``."""
    return {
        "report": "aging",
        "as_of": aging.as_of.isoformat(),
        "by": aging.by.value,
        "age_by": aging.age_by.value,
        "bucket_days": aging.bucket_days,
        "buckets": list(aging.bucket_titles),
        "rows": [_document(row) for row in aging.rows],
        "total": _document(aging.total),
        "ledger": _plain(aging.ledger),
        "ties": aging.ties,
        "difference": _plain(aging.difference),
        "offenders": list(aging.offenders),
    }


def _titles(work: Work, by: By) -> tuple[str, str]:
    """Return the titles of the first column and of the line below the name."""
    patient = patient_word(work)
    return {
        By.PAYER: ("Payer", "Payer id"),
        By.PATIENT: (patient, "Number"),
        By.GUARANTOR: ("Guarantor", "Number"),
        By.PROVIDER: ("Clinician", ""),
        By.SESSION: ("Session", "Code"),
    }[by]


def _cells(row: AgingRow, *, wide: bool) -> tuple[Cell, ...]:
    late = row.late_percent
    return (
        row.name,
        *((row.second,) if wide else ()),
        *row.buckets,
        row.unapplied,
        row.balance,
        None if late is None else Decimal(late),
    )


def _notes(aging: Aging) -> tuple[str, ...]:
    counts = (
        "Credits are what payers and clients have paid too much; they are not aged.",
        f"Read from {'the lines posted up to that day' if aging.past else 'the open balances'}.",
    )
    if aging.tie is None:
        return counts
    return (f"{aging.tie.words}, difference {aging.tie.difference}.", *aging.offenders, *counts)


def _document(row: AgingRow) -> dict[str, Any]:
    return {
        "id": row.key,
        "name": row.name,
        "second": row.second,
        "buckets": [row.buckets[at].plain() for at in range(BUCKETS)],
        "unapplied": row.unapplied.plain(),
        "balance": row.balance.plain(),
        "insurance": row.insurance.plain(),
        "patient": row.patient.plain(),
    }


def _plain(amount: Money | None) -> str | None:
    return None if amount is None else amount.plain()
