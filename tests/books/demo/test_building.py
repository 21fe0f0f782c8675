from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from fscdesk.models.base import Base
from fscdesk.models.import_batch import ImportBatch, ImportRow, Verdict
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.patient import Guarantor, Patient, PatientKind
from fscdesk.models.session import Attendance, BillingStatus, Session, SessionReport
from fscdesk.models.values import Money
from fscdesk.services.billing.statement_plan import plan_statements
from fscdesk.services.demo.building import live, read_export
from fscdesk.services.demo.people import TWIN
from fscdesk.services.demo.season import WEEK
from fscdesk.services.importing.applying import import_file
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.reports.metrics import metrics
from fscdesk.services.sessions.pre_bill import check_sessions
from fscdesk.services.setup.numbers import npi_of
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Work
from tests.books.demo.conftest import EVENING, SIZE, TODAY, Demo


@pytest.fixture
def demo(demo_of_both: Demo) -> Demo:
    """A small fictional practice, built once on each database; the tests below look at it."""
    return demo_of_both


def test_its_books_hold_every_check(demo: Demo) -> None:
    report = demo.office.read(run_checks)
    assert {check.name: check.offenders for check in report.checks if not check.ok} == {}


def test_it_says_what_it_made(demo: Demo) -> None:
    def count(work: Work) -> tuple[int, int]:
        live_one = Session.withdrawn_by.is_(None)
        held = Session.attendance.not_in((Attendance.SCHEDULED, Attendance.CANCELLED))
        query = select(func.count(Session.id)).where(live_one, held)
        return work.db.scalars(query).one(), work.db.scalars(select(func.count(Patient.id))).one()

    summary = demo.summary
    assert (summary.sessions, summary.clients) == demo.office.read(count)
    assert 0.8 * SIZE < summary.sessions < 1.3 * SIZE
    assert summary.today == TODAY
    assert "Fictional Springs Counseling" in summary.sentence()
    assert (summary.clinicians, summary.payers) == (9, 8)


def test_no_row_of_its_imports_was_left_out(demo: Demo) -> None:
    def skipped(work: Work) -> list[tuple[int, str]]:
        rows = work.db.execute(
            select(ImportRow.line, ImportRow.reason).where(ImportRow.verdict == Verdict.SKIPPED)
        )
        return [(line, reason) for line, reason in rows]

    assert demo.office.read(skipped) == []
    findings = demo.office.read(
        lambda work: Counter(
            finding["code"]
            for batch in work.db.scalars(select(ImportBatch))
            for finding in batch.findings["list"]
        )
    )
    # The allocation comes first, and says that the payments are not here yet.
    assert set(findings) == {"payments-not-here"}


def test_the_books_say_what_the_last_export_says(demo: Demo) -> None:
    """To the cent, of every row that took place, less what happened at the desk alone."""
    said = {}
    for row in _export(TODAY).content.rows:
        key = (row.day, row.minute, row.client, row.clinician)
        owed = row.patient_charge - row.patient_paid
        said[key] = (row.insurance_unpaid, owed)

    def kept(work: Work) -> dict[tuple[object, ...], tuple[int, int]]:
        credit = {
            session_id: cents.cents
            for session_id, cents in work.db.execute(
                select(JournalLine.session_id, func.sum(JournalLine.amount))
                .where(JournalLine.account == "2400", JournalLine.credit_id.is_(None))
                .group_by(JournalLine.session_id)
            )
        }
        taken_back = select(JournalEntry.reverses_id).where(JournalEntry.reverses_id.is_not(None))
        at_desk = {
            (session_id, account): cents.cents
            for session_id, account, cents in work.db.execute(
                select(JournalLine.session_id, JournalLine.account, func.sum(JournalLine.amount))
                .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
                .where(
                    JournalLine.account.in_(("1100", "1110", "2410")),
                    JournalEntry.batch_id.is_(None),
                    JournalEntry.reverses_id.is_(None),
                    # What an import took over, because SimplePractice calls it paid as well.
                    JournalEntry.id.not_in(taken_back),
                )
                .group_by(JournalLine.session_id, JournalLine.account)
            )
        }
        return {
            (one.day, one.minute, report.client, report.clinician): (
                one.insurance_balance.cents
                - at_desk.get((one.id, "1110"), 0)
                - at_desk.get((one.id, "2410"), 0),
                one.patient_balance.cents
                + credit.get(one.id, 0)
                - at_desk.get((one.id, "1100"), 0),
            )
            for one, report in work.db.execute(
                select(Session, SessionReport)
                .join(SessionReport, SessionReport.session_id == Session.id)
                .where(Session.attendance.not_in((Attendance.SCHEDULED, Attendance.CANCELLED)))
            )
        }

    books = demo.office.read(kept)
    past = {key: owed for key, owed in said.items() if key[0] <= TODAY}
    assert len(past) > SIZE / 4
    assert {key: books.get(key) for key in past} == past


def test_the_last_export_once_more_changes_nothing(demo: Demo) -> None:
    before = demo.office.read(_figures)
    text = live(today=TODAY, sessions=SIZE).export(TODAY).replace("\n", "\r\n")
    file = read_export(text, "saved again.csv", EVENING)
    plan = demo.office.write(lambda work: import_file(work, file)).value.plan
    assert plan.already is None
    assert (plan.unchanged, plan.open_questions) == (plan.read, 0)
    assert (plan.created, plan.changed, plan.skipped, plan.gone) == (0, 0, 0, 0)
    assert demo.office.read(_figures) == before


def test_every_screen_has_something_to_show(demo: Demo) -> None:
    def look(work: Work) -> dict[str, object]:
        sessions = list(work.db.scalars(select(Session).where(Session.withdrawn_by.is_(None))))
        statuses = {BillingStatus(one.billing_status) for one in sessions}
        ages = {(TODAY - one.day).days // 30 for one in sessions if one.insurance_balance.cents > 0}
        client_ages = {
            (TODAY - one.day).days // 30 for one in sessions if one.patient_balance.cents > 0
        }
        unbilled = [
            one.id
            for one in sessions
            if one.billing_status in (BillingStatus.COMPLETED, BillingStatus.DOCUMENTED)
            and one.attendance == Attendance.COMPLETED
        ]
        missing = {m.check for outcome in check_sessions(work, unbilled) for m in outcome.missing}
        return {
            "attendance": {Attendance(one.attendance) for one in sessions},
            "statuses": statuses,
            "payers owe at ages": ages >= {0, 1, 2, 3},
            "clients owe at ages": len(client_ages) >= 3,
            "payer credits": any(one.insurance_balance.cents < 0 for one in sessions),
            "client credits": work.db.scalars(select(func.sum(Patient.unapplied))).one() > Money(),
            "notes open": "note" in missing,
            "papers missing": len(missing) > 1,
            "statements": len(plan_statements(work, as_of=TODAY).recipients) > 3,
        }

    found = demo.office.read(look)
    assert found.pop("attendance") == set(Attendance)
    assert set(BillingStatus) - found.pop("statuses") <= {BillingStatus.DOCUMENTED}  # type: ignore[operator]
    assert found == dict.fromkeys(found, True)


def test_its_people_are_of_every_kind(demo: Demo) -> None:
    def look(work: Work) -> tuple[Counter[PatientKind], int, list[str], int]:
        kinds = Counter(PatientKind(kind) for kind in work.db.scalars(select(Patient.kind)))
        twins = work.db.scalars(select(func.count(Patient.id)).where(Patient.name == TWIN)).one()
        names = list(work.db.scalars(select(Patient.name)))
        shared = work.db.execute(
            select(Patient.guarantor_id)
            .join(Guarantor, Guarantor.id == Patient.guarantor_id)
            .group_by(Patient.guarantor_id)
            .having(func.count(Patient.id) > 1)
        ).all()
        return kinds, twins, names, len(shared)

    kinds, twins, names, shared = demo.office.read(look)
    assert all(kinds[kind] for kind in PatientKind)
    assert twins == 2
    assert shared >= 1
    letters = set("".join(names))
    assert letters & set("αεηκλνρ"), "nobody writes Greek"
    assert letters & set("веимнр"), "nobody writes Cyrillic"
    npis = [row.fields.npi for row in demo.office.read(providers)]
    assert [npi_of(npi) for npi in npis] == npis
    assert len(set(npis)) == 9
    assert npis.count("") == 1  # the associate, who works under supervision


def test_its_figures_are_those_of_a_decent_practice(demo: Demo) -> None:
    found = {metric.key: metric.value for metric in demo.office.read(lambda w: metrics(w, TODAY))}
    assert 15 < (found["days_to_payment"] or 0) < 35
    assert 88 < (found["collection_rate"] or 0) <= 100
    assert 0 < (found["denial_rate"] or 0) < 9
    assert 1 <= (found["old_claims"] or 0) <= 9
    assert 1 <= (found["unbilled"] or 0) <= 40  # a week's: claims go once a week


def test_its_history_is_as_old_as_its_sessions(demo: Demo) -> None:
    """Posted when the export came, so that a past day has the answer of that day."""
    long_ago = TODAY - 10 * WEEK
    then = {m.key: m.value for m in demo.office.read(lambda work: metrics(work, long_ago))}
    assert then["days_in_ar"] is not None
    applied = demo.office.read(
        lambda work: list(work.db.scalars(select(ImportBatch.applied_at).order_by(ImportBatch.id)))
    )
    assert applied == sorted(applied)
    days = {moment.date() for moment in applied}
    assert set(live(today=TODAY, sessions=SIZE).season.exports) <= days


def test_one_seed_is_one_practice_on_both_databases(
    small_demo: Office, demo_built_again: Office
) -> None:
    """Each was built by itself; without Postgres, both in files."""
    assert small_demo.where != demo_built_again.where
    assert small_demo.read(_figures) == demo_built_again.read(_figures)


def _export(on: date) -> Any:
    text = live(today=TODAY, sessions=SIZE).export(on)
    return read_export(text, "report.csv", EVENING)


def _figures(work: Work) -> dict[str, list[tuple[object, ...]]]:
    """Every row of what an office looks at, without who did it and when it was counted."""
    tables: dict[str, Table] = dict(Base.metadata.tables)
    left_out = {"staff", "audit_event", "change_counter", "import_batch", "import_row"}
    return {
        name: sorted(
            (row for row in map(tuple, work.db.execute(select(table))) if row[0] != "AUDIT"),
            key=repr,
        )
        for name, table in tables.items()
        if name not in left_out
    }
