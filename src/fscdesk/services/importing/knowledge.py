"""What the books know before a file is planned: names, codes, and the sessions of its days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from fscdesk.models.import_batch import BatchStatus, ImportAnswer, ImportBatch
from fscdesk.models.patient import Patient, PatientAlias
from fscdesk.models.payer import Payer, PayerAlias
from fscdesk.models.provider import Provider, ProviderAlias
from fscdesk.models.session import (
    Attendance,
    BillingStatus,
    Session,
    SessionReport,
    SessionStatusHistory,
    StatusKind,
)
from fscdesk.services.charges.catalogue import Catalogue, read_catalogue
from fscdesk.services.claim_standing import sent_claims
from fscdesk.services.importing.report_signatures import ATTENDANCE
from fscdesk.services.patients.names import fold
from fscdesk.services.payments.carrying import applied_by_session
from fscdesk.services.payments.held_sessions import Held, sessions_with_work, what_holds
from fscdesk.services.payments.policies import simplepractice_posts
from fscdesk.services.sessions.recording import REPORT_COLUMNS, ReportFacts
from fscdesk.services.work import Work

MOVED_WITHIN = timedelta(days=14)
UNDOING = "Undo of "
"""How the reason of a status change begins that takes an import back."""


class KnownSession(NamedTuple):
    """A session that a row of the file may mean."""

    id: int
    day: date
    minute: int
    occurrence: int
    patient_id: int
    provider_id: int
    payer_id: int | None
    second_payer_id: int | None
    attendance: Attendance
    billing_status: BillingStatus
    insurance_balance: int
    patient_balance: int
    report: ReportFacts | None


@dataclass(slots=True)
class Knowledge:
    """The books' side of a plan, read once, in memory."""

    providers: dict[int, str]
    provider_aliases: dict[str, int]
    payers: dict[int, tuple[str, str]]
    payer_aliases: dict[str, int]
    patients: dict[int, tuple[str, str, int]]  # name, number, guarantor
    patient_aliases: dict[str, list[tuple[int | None, int]]]
    catalogue: Catalogue
    sessions: list[KnownSession]
    answers: dict[str, str]
    by_hand: set[int] = field(default_factory=set)
    """Sessions whose attendance a person set last: the report, which has none, does not."""
    worked: frozenset[int] = frozenset()
    """Sessions on which payments or adjustments of ours stand."""
    held: dict[int, Held] = field(default_factory=dict)
    """Sessions whose charges stand in a payment plan, or that a collection agency worked on."""
    claimed: dict[int, str] = field(default_factory=dict)
    """Sessions that a payer has on a claim, with that claim in words."""
    posts: bool = True
    """Whether amounts that SimplePractice calls paid go through account 1060."""
    applied: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Where they do not: what clients and payers paid of each session here, in cents."""
    names_by_token: dict[str, set[int]] = field(default_factory=dict)

    def index_names(self) -> None:
        """Index patients by the words of their names, so that a near name is found fast."""
        tokens: dict[str, set[int]] = defaultdict(set)
        for patient_id, (name, _number, _guarantor) in self.patients.items():
            for token in fold(name).split():
                tokens[token].add(patient_id)
        self.names_by_token = tokens


def read_knowledge(work: Work, first: date | None, last: date | None) -> Knowledge:
    """Read names, codes, answers, and the live sessions from first to last day and near."""
    db = work.db
    aliases: dict[str, list[tuple[int | None, int]]] = defaultdict(list)
    for alias, provider_id, patient_id in db.execute(
        select(PatientAlias.alias, PatientAlias.provider_id, PatientAlias.patient_id)
    ):
        aliases[alias].append((provider_id, patient_id))
    known = Knowledge(
        providers=_pairs(db.execute(select(Provider.id, Provider.name)).all()),
        provider_aliases=_pairs(
            db.execute(select(ProviderAlias.alias, ProviderAlias.provider_id)).all()
        ),
        payers={
            row.id: (row.name, row.payer_code)
            for row in db.execute(select(Payer.id, Payer.name, Payer.payer_code))
        },
        payer_aliases=_pairs(db.execute(select(PayerAlias.alias, PayerAlias.payer_id)).all()),
        patients={
            row.id: (row.name, row.number, row.guarantor_id)
            for row in db.execute(
                select(Patient.id, Patient.name, Patient.number, Patient.guarantor_id)
            )
        },
        patient_aliases=dict(aliases),
        catalogue=read_catalogue(work),
        sessions=[] if first is None or last is None else _sessions(work, first, last),
        answers=_pairs(db.execute(select(ImportAnswer.question, ImportAnswer.answer)).all()),
    )
    known.by_hand = _attendance_by_hand(work)
    known.worked, known.held = sessions_with_work(work), what_holds(work)
    known.claimed = sent_claims(work)
    known.posts = simplepractice_posts(work)
    if not known.posts:
        known.applied = applied_by_session(work)
    known.index_names()
    return known


def _attendance_by_hand(work: Work) -> set[int]:
    """Return sessions whose attendance is not the appointment report's to say.

    It was set last at the desk, or by the attendance report, which knows it better.
    """
    return attendance_said(work, profile=ATTENDANCE)


def attendance_said(work: Work, *, profile: str | None = None) -> set[int]:
    """Return sessions whose standing attendance was set at the desk, or by such a report.

    What an undone import said, and the undoing itself, is nobody's word.
    """
    last: dict[int, bool] = {}
    for session_id, batch_id, status, said_by, reason in work.db.execute(
        select(
            SessionStatusHistory.session_id,
            SessionStatusHistory.batch_id,
            ImportBatch.status,
            ImportBatch.profile,
            SessionStatusHistory.reason,
        )
        .outerjoin(ImportBatch, ImportBatch.id == SessionStatusHistory.batch_id)
        .where(
            SessionStatusHistory.kind == StatusKind.ATTENDANCE,
            SessionStatusHistory.old.is_not(None),
        )
        .order_by(SessionStatusHistory.id)
    ):
        undone = status == BatchStatus.UNDONE
        if undone or (batch_id is None and reason.startswith(UNDOING)):
            continue
        last[session_id] = batch_id is None or said_by == profile
    return {session_id for session_id, said in last.items() if said}


def _pairs(rows: Any) -> dict[Any, Any]:
    return {row[0]: row[1] for row in rows}


def _sessions(work: Work, first: date, last: date) -> list[KnownSession]:
    table, report = Session.__table__, SessionReport.__table__
    facts = [report.c[name] for name in REPORT_COLUMNS[1:]]
    rows = work.db.execute(
        select(
            table.c.id,
            table.c.day,
            table.c.minute,
            table.c.occurrence,
            table.c.patient_id,
            table.c.provider_id,
            table.c.payer_id,
            table.c.second_payer_id,
            table.c.attendance,
            table.c.billing_status,
            table.c.insurance_balance,
            table.c.patient_balance,
            *facts,
        )
        .outerjoin(report, report.c.session_id == table.c.id)
        .where(
            table.c.withdrawn_by.is_(None),
            table.c.day.between(first - MOVED_WITHIN, last + MOVED_WITHIN),
        )
        .order_by(table.c.id)
    )
    return [_known(tuple(row)) for row in rows]


def _known(row: Sequence[Any]) -> KnownSession:
    plain = [getattr(value, "cents", value) for value in row]
    report = None if plain[12] is None else ReportFacts(*plain[12:])
    return KnownSession._make([*plain[:12], report])
