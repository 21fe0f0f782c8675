"""The 835 files of the sample month, as its payers would have sent them with their money.

The samples hold no 835. What one says of each claim stands in three reports: which checks, claims
and answers in the payment report; of which day and service each payment is in the income
allocation; and what was charged, and written off, in the appointments.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from tests.support.appointment_files import MARCH
from tests.support.era_lines import EraClaim, EraService
from tests.support.eras import claim, era, service
from tests.support.month import ALLOCATION, CHECKS
from tests.support.report_files import SAMPLES
from tests.support.shared import samples

CLAIMS, CLIENTS = "sp_claims", "sp_client_details"
_SENT_AFTER: Final = timedelta(days=2)
"""A claim of the sample was sent two days after its session."""
_CENT: Final = Decimal("0.01")
Row = dict[str, str]


def sample_eras() -> dict[str, str]:
    """Return the text of each check's 835 by its number, in the order of their days.

    A claim that was paid nothing is denied for want of an authorization (CARC 197).
    """
    checks: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(SAMPLES[CHECKS]):
        checks[row["Payment Reference"]].append(row)
    book = _Book()
    made = {trace: _era(trace, rows, book) for trace, rows in checks.items()}
    return dict(sorted(made.items(), key=lambda one: _day(checks[one[0]][0]["Date Received"])))


class _Book:
    """Sessions, and of which session each claim is, as the reports say it."""

    def __init__(self) -> None:
        self.paid_for = {
            row["Invoice or Claim #"].removeprefix("Claim #"): row
            for row in _rows(SAMPLES[ALLOCATION])
            if row["Source"] == "Insurance Payment"
        }
        self.sent = {row["Clearinghouse Reference"]: row for row in _rows(SAMPLES[CLAIMS])}
        self.members = {
            (row["Client"], _payer(row["Primary insurance"])): row["Insurance ID"]
            for row in _rows(SAMPLES[CLIENTS])
        }
        self.sessions: dict[tuple[date, str, str], Row] = {}
        self.codes: dict[str, str] = {}
        for row in _rows(MARCH, twice=("Charge", "Paid", "Unpaid")):
            plan = row["Primary Insurance"]
            when = datetime.strptime(row["Date of Service"], "%m/%d/%Y %H:%M").date()  # noqa: DTZ007
            self.sessions[when, row["Client"], _payer(plan)] = row
            self.codes[_payer(plan)] = plan.rpartition("(")[2].rstrip(")")

    def session(self, row: Row) -> tuple[date, Row]:
        """Return the day and the appointment that a row of the payment report is about."""
        number = row["Clearinghouse Reference"]
        paid = self.paid_for.get(number)
        if paid is not None:
            day = _day(paid["Appointment"])
        else:
            day = _day(self.sent[number]["Date Submitted"]) - _SENT_AFTER
        return day, self.sessions[day, row["Client"], row["Payer"]]


def _era(trace: str, rows: list[Row], book: _Book) -> str:
    payer, day = rows[0]["Payer"], _day(rows[0]["Date Received"])
    code = book.codes[payer]
    text = era(
        *(_claim(row, book) for row in rows),
        trace=trace,
        origin=f"1{code}0000",
        method="ACH" if trace.startswith("EFT") else "CHK",
        effective=f"{day:%Y%m%d}",
        made_on=f"{day:%Y%m%d}",
        payer=_plain(payer),
        payer_id=code,
        npi="",
    )
    amount = sum((Decimal(row["Amount"]) for row in rows), Decimal(0))
    assert f"BPR*I*{amount.normalize():f}*C*" in text, trace
    return text


def _claim(row: Row, book: _Book) -> EraClaim:
    day, session = book.session(row)
    amount = Decimal(row["Amount"])
    first, _, last = row["Client"].replace('"', "").rpartition(" ")
    member = book.members[row["Client"], row["Payer"]]
    return claim(
        row["Clearinghouse Reference"],
        *_services(day, session, amount),
        status="1" if amount else "4",
        payer_number=row["Payer Claim"],
        patient=(_plain(last), _plain(first), member),
    )


def _services(day: date, session: Row, amount: Decimal) -> list[EraService]:
    """Return a line for each code: the client's share comes off the first one.

    What is written off lies on all in proportion; it is below zero where too much was paid.
    """
    codes = session["Billing Code"].split()
    fees = [Decimal(one) for one in session["Rate per Unit"].split()]
    share = Decimal(session["Charge"])
    owed = sum(fees) - share
    off, left = owed - amount, owed - amount
    lines: list[EraService] = []
    for code, fee in zip(codes, fees, strict=True):
        if not amount:
            cas = f"CO197={fee}"
        else:
            own = share if not lines else Decimal(0)
            last = len(lines) == len(codes) - 1
            part = left if last else (off * (fee - own) / owed).quantize(_CENT)
            left -= part
            cas = " ".join(
                f"{name}={cents}" for name, cents in (("CO45", part), ("PR3", own)) if cents
            )
        lines.append(service(code, str(fee), cas=cas, day=f"{day:%Y%m%d}"))
    return lines


def _rows(name: str, *, twice: tuple[str, ...] = ()) -> list[Row]:
    """Return the rows of a sample; of headings that stand ``twice``, the first ones."""
    with (samples() / name).open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file)
    found = []
    for row in rows:
        cells: Row = {}
        for title, cell in zip(heading, row, strict=True):
            if title in twice and title in cells:
                continue
            cells[title] = cell
        found.append(cells)
    return found


def _payer(plan: str) -> str:
    return plan.rpartition(" (")[0]


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a day, not a moment


def _plain(name: str) -> str:
    """Return a name as a payer's computer spells it."""
    spelt = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(spelt.upper().replace("*", " ").replace(":", " ").split())
