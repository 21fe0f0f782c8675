"""Small reports, read and brought in: a few lines of CSV as SimplePractice writes them."""

from __future__ import annotations

from collections.abc import Sequence

from fscdesk.services.importing.any_file import import_any
from fscdesk.services.importing.applying import Applied
from fscdesk.services.importing.plan import ImportPlan
from fscdesk.services.importing.readers.reports import read_report
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.recognising import recognise
from fscdesk.services.importing.report_planning import plan_report
from fscdesk.services.office import Office
from tests.support.appointment_files import source, written
from tests.support.report_files import ZONE, heading, line

EXPORT = "sp_payment_export"


def report(kind: str, *rows: list[str], name: str = "report.csv") -> ReadReport:
    """A report of this kind with these rows, as if it had been opened."""
    file = source(written([heading(kind), *rows]), name)
    recognised = recognise(file)
    assert recognised is not None
    return ReadReport(file, recognised, read_report(file, recognised, ZONE))


def paid(ident: str, amount: str, name: str = "Quill Fakerson", **cells: str) -> list[str]:
    """A row of the payment export: a client's card payment of 3 March unless told otherwise."""
    facts = {
        "PaymentID": ident,
        "DatePaid": "03/03/2026",
        "Name": name,
        "Amount": amount,
        "PaymentReferenceID": "",
    }
    return line(EXPORT, **{**facts, **cells})


def insured(ident: str, amount: str, payer: str = "FICTA", **cells: str) -> list[str]:
    """A row of the payment export that came from a payer."""
    return paid(ident, amount, payer, Account="Accounts Receivable Insurance", **cells)


def planned(books: Office, read: ReadReport, *, accept: bool = True) -> ImportPlan:
    """What importing would do."""
    return books.read(lambda work: plan_report(work, read, accept_proposals=accept)).plan


def brought(books: Office, read: ReadReport, *, accept: bool = True) -> Applied:
    """Import a report."""
    return books.write(lambda work: import_any(work, read, accept_proposals=accept)).value


def exported(books: Office, *rows: list[str], name: str = "payments.csv") -> Applied:
    """Import a payment export with these rows."""
    return brought(books, report(EXPORT, *rows, name=name))


def verdicts(plan: ImportPlan) -> list[str]:
    """The verdict of each row, in the order of the file."""
    return [row.verdict.value for row in plan.rows]


def reasons(plan: ImportPlan) -> Sequence[str]:
    """What the plan says of each row."""
    return [row.what or row.reason for row in plan.rows]
