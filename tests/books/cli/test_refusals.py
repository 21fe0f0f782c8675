"""A refusal on the command line names the option that helps; what is due on plans by command."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fscdesk.models.values import Money
from fscdesk.services.billing.plans import make_plan
from fscdesk.services.connecting import open_office
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.line_entry import PaymentMethod
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from tests.support.cli import Ran, run_cli
from tests.support.clock import Clock
from tests.support.invoices import open_practice
from tests.support.payments import Till
from tests.support.plans import noon, open_family, six_months
from tests.support.tables import digest_of

CASH = ("payment", "add", "--from", "G-1", "--method", "cash")
WIRE = ("payment", "add", "--payer", "Example East", "--method", "eft")


@pytest.fixture
def till(practice: str, clock: Clock) -> Till:
    """The little practice, in a file or on the server."""
    office = open_office(practice, now=clock)
    try:
        return office.write(open_practice).value
    finally:
        office.close()


def run(practice: str, *line: str | Path) -> Ran:
    return run_cli(*line, "--practice", practice)


def refused(practice: str, *line: str | Path) -> str:
    """The hint of a command that is refused, with nothing changed."""
    before = digest_of(practice)
    ran = run(practice, *line)
    assert (ran.status, ran.out) == (2, ""), ran.err
    assert digest_of(practice) == before
    _what, hint = ran.err.splitlines()
    for screen in ("Choose", "Look at", "the list says", "Type it"):
        assert screen not in hint
    return hint


def test_a_payment_names_the_option_that_helps(practice: str, till: Till) -> None:
    first, own = till.copays[0], till.own
    one = f"{first}=30.00"
    assert "--client 1042" in refused(practice, *CASH, "--amount", "5.00")
    assert "correct --amount" in refused(practice, *CASH, "--amount", "5.00", "--charge", one)
    assert "Lower the --charge" in refused(
        practice, *CASH, "--amount", "90.00", "--charge", f"{first}=90.00"
    )
    assert "Correct --charge" in refused(
        practice, *CASH, "--amount", "9.00", "--charge", "999=9.00"
    )
    assert "leave this --charge out" in refused(
        practice, *WIRE, "--amount", "9.00", "--charge", f"{own}=9.00"
    )
    assert "like 1042" in refused(practice, *CASH, "--amount", "5.00", "--client", "P-9")
    paid = (*CASH, "--amount", "5.00", "--client", "P-1", "--key", "k")
    assert run(practice, *paid).status == 0
    again = (*CASH, "--amount", "6.00", "--client", "P-1", "--key", "k")
    assert "--key of its own" in refused(practice, *again)


def test_papers_name_the_option_that_helps(practice: str, till: Till, tmp_path: Path) -> None:
    assert "fscdesk payment list" in refused(practice, "receipt", "PAY-2026-00099")
    assert "INV-2026-00042" in refused(practice, "invoice", "--void", "INV-1", "--reason", "x")
    assert "--net takes" in refused(practice, "invoice", "--all", "--net", "999")
    assert "Correct --charge" in refused(practice, "invoice", "--charge", "999")
    late = ("--from", "2026-05-01", "--to", "2026-03-01")
    assert "--from and --to" in refused(practice, "invoice", "--all", *late)
    assert "--from and --to" in refused(practice, "superbill", "P-1", *late)
    assert "--since" in refused(
        practice, "statements", "--plan", "--since", "2027-01-01", "--as-of", "2026-04-10"
    )
    run(practice, "invoice", "--all")
    assert "--reason WHY" in refused(practice, "invoice", "--void", "INV-2026-00001")
    nothing = refused(practice, "invoice", "--guarantor", "G-1")
    assert nothing.startswith("No invoice was made. ")
    assert "list" not in nothing


def test_the_practice_may_stand_before_the_command(practice: str, till: Till) -> None:
    ran = run_cli("--practice", practice, *CASH, "--amount", "5.00")
    assert (ran.status, "--client 1042" in ran.err) == (2, True)


def test_what_is_due_on_plans_is_listed_then_charged(practice: str, clock: Clock) -> None:
    office = open_office(practice, now=clock)
    try:
        family = office.write(open_family).value
        office.write(lambda work: make_plan(work, six_months(family, apr_points=500)))
    finally:
        office.close()
    clock.set(noon(date(2026, 5, 23)))

    def plans(*line: str) -> Ran:
        return run_cli("plans", *line, "--practice", practice, now=clock)

    before = digest_of(practice)
    due = plans("due", "--json")
    assert due.status == 1
    parts = due.json["parts"]
    assert {one["late"] for one in parts} == {False, True}
    assert "late fee" in plans("due").out
    assert digest_of(practice) == before
    done = plans("charge", "--json")
    assert (done.status, done.json["amount"]) == (0, due.json["amount"])
    assert Money.parse(done.json["amount"]) > Money()
    after = digest_of(practice)
    assert "0.00 in all" in plans("charge").out
    assert digest_of(practice) == after
    nothing = plans("due")
    assert (nothing.status, nothing.out) == (0, "Nothing is due that was not charged.\n")
    early = plans("charge", "--on", "2026-09-01")
    assert (early.status, early.out) == (2, "")


def test_what_is_asked_back_is_posted_anyway(practice: str, till: Till) -> None:
    line = (*CASH, "--amount", "5.00", "--client", "P-1")
    assert run(practice, *line).status == 0
    assert "--anyway" in refused(practice, *line)
    ran = run(practice, *line, "--anyway", "--json")
    assert ran.status == 1, "a finding is for a person to read"
    assert [one["code"] for one in ran.json["findings"]] == ["payment-here-already"]
    far = (*WIRE, "--amount", "7.00", "--check-day", "2029-02-28")
    assert "--anyway" in refused(practice, *far)


def test_the_list_counts_only_what_stands(practice: str, till: Till, clock: Clock) -> None:
    line = (*CASH, "--amount", "5.00", "--client", "P-1")
    run(practice, *line)
    office = open_office(practice, now=clock)
    try:
        number = office.write(
            lambda work: void_payment(
                work,
                receive(
                    work,
                    NewPayment(
                        Money(9_00),
                        PaymentMethod.CASH,
                        work.today(),
                        guarantor_id=till.alma_pays,
                        rest=Rest(patient_id=till.alma),
                    ),
                ).payment_id,
                reason="Entered twice",
                expected_version=1,
            )
        )
    finally:
        office.close()
    assert number is not None
    shown = run(practice, "payment", "list", "--from", "2000-01-01").out
    assert "2 payments, 5.00 in all, 1 returned or voided not counted:" in shown
