"""Finds anything by a few letters: clients, sessions, amounts, claims, payments, imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from fscdesk.models.import_batch import ImportBatch
from fscdesk.models.patient import Patient
from fscdesk.models.session import Session
from fscdesk.models.values import Money
from fscdesk.services.claims.listing import rows_of_claims
from fscdesk.services.claims.numbered import claims_numbered
from fscdesk.services.days_meant import days_meant
from fscdesk.services.id_sets import among
from fscdesk.services.paging import Span
from fscdesk.services.patients.finding import patients_with
from fscdesk.services.patients.names import fold
from fscdesk.services.payments.listing import PaymentFilter, page_of_payments
from fscdesk.services.sessions.rows import SessionRow, rows_of_sessions
from fscdesk.services.work import Work

MOST = 8
MOST_PAYMENTS = MOST_CLAIMS = 3


@dataclass(frozen=True)
class Found:
    """One thing that was found: what it is, its words, and where it is opened."""

    kind: str
    title: str
    detail: str
    place: str
    what: dict[str, object] = field(default_factory=dict)


def find_anything(work: Work, typed: str) -> tuple[Found, ...]:
    """Return at most eight things that were meant, best first.

    Words are parts of names; ``3/31`` is a day; ``356.20`` an amount; a day or an amount
    beside a name finds that client's sessions. A check's number or an amount finds payments; a
    claim's number, with or without its dashes, or the payer's number for it finds the claim.
    """
    days: list[date] = []
    amounts: list[Money] = []
    words: list[str] = []
    for word in typed.split():
        meant = days_meant(word, work.today())
        amount = _amount(word)
        if meant:
            days += meant
        elif amount is not None:
            amounts.append(amount)
        else:
            words.append(fold(word))
    patients = patients_with(work, words) if words else None
    numbered = bool(amounts) or any(letter.isdigit() for word in words for letter in word)
    payments = _payments(work, typed) if numbered else ()
    claims = _claims(work, typed) if words and numbered else ()
    if words and not patients:
        return (*claims, *payments, *_imports(work, typed))[:MOST]
    if days or amounts:
        found = tuple(_session(row) for row in _sessions(work, patients, days, amounts))
        return (*payments, *found)[:MOST]
    people = _patients(work, patients or [], words)
    return (*claims, *people, *payments, *_imports(work, typed))[:MOST]


def _amount(word: str) -> Money | None:
    if "." not in word:
        return None
    try:
        return Money.parse(word)
    except ValueError:
        return None


def _patients(work: Work, ids: Sequence[int], words: Sequence[str]) -> list[Found]:
    rows = work.db.execute(
        select(Patient.id, Patient.name, Patient.number, Patient.sort_name)
        .where(among(work, Patient.id, list(ids)[:500]))
        .order_by(Patient.sort_name, Patient.id)
    ).all()
    first = words[0] if words else ""
    best = sorted(
        rows,
        key=lambda row: not any(part.startswith(first) for part in fold(row.name).split()),
    )
    return [
        Found("patient", row.name, f"Number {row.number}", "patients", {"patient": row.id})
        for row in best[:MOST]
    ]


def _payments(work: Work, typed: str) -> tuple[Found, ...]:
    """Return the newest payments that a number or an amount means."""
    span = Span(0, MOST_PAYMENTS, "posted", descending=True)
    return tuple(
        Found(
            "payment",
            f"{row.number} from {row.from_name}",
            ", ".join(
                part
                for part in (str(row.amount), row.reference, f"{row.posted_on:%m/%d/%Y}")
                if part
            ),
            "payments",
            {"payment": row.id},
        )
        for row in page_of_payments(work, PaymentFilter(text=typed), span).rows
    )


def _claims(work: Work, typed: str) -> tuple[Found, ...]:
    """Return the claims that a number means: ours or the payer's, the newest first."""
    rows = rows_of_claims(work, claims_numbered(work, typed, MOST_CLAIMS))
    return tuple(
        Found(
            "claim",
            f"{row.number}, {row.patient}",
            ", ".join(
                part
                for part in (
                    row.payer,
                    f"their {row.payer_number}" if row.payer_number else "",
                    str(row.total),
                    row.status.value.replace("_", " "),
                )
                if part
            ),
            "claim",
            {"claim": row.id},
        )
        for row in rows
    )


def _sessions(
    work: Work,
    patients: Sequence[int] | None,
    days: Sequence[date],
    amounts: Sequence[Money],
) -> tuple[SessionRow, ...]:
    conditions: list[ColumnElement[bool]] = [Session.withdrawn_by.is_(None)]
    if patients is not None:
        conditions.append(among(work, Session.patient_id, patients))
    if days:
        conditions.append(Session.day.in_(days))
    conditions += [
        or_(
            Session.fee == amount,
            Session.insurance_balance == amount,
            Session.patient_balance == amount,
        )
        for amount in amounts
    ]
    ids = work.db.scalars(
        select(Session.id).where(*conditions).order_by(Session.day.desc(), Session.id).limit(MOST)
    )
    return rows_of_sessions(work, list(ids))


def _session(row: SessionRow) -> Found:
    return Found(
        "session",
        f"{row.patient_name}, {row.day:%m/%d/%Y} {row.time}",
        f"{row.code_text}, {row.payer}, {row.fee}",
        "sessions",
        {"session": row.id},
    )


def _imports(work: Work, typed: str) -> tuple[Found, ...]:
    wanted = typed.strip()
    if len(wanted) < 3:  # noqa: PLR2004 - two letters are in every file's name
        return ()
    rows = work.db.execute(
        select(ImportBatch.id, ImportBatch.file_name, ImportBatch.file_day)
        .where(ImportBatch.file_name.icontains(wanted, autoescape=True))
        .order_by(ImportBatch.id.desc())
        .limit(3)
    )
    return tuple(
        Found(
            "import",
            row.file_name,
            f"Import {row.id}, up to {row.file_day:%m/%d/%Y}",
            "sessions",
            {"batch": row.id},
        )
        for row in rows
    )
