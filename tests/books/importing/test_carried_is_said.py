"""What of payments and adjustments does not fit a changed session is told, before and after."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Side
from fscdesk.models.coverage import Policy
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.errors import Severity
from fscdesk.services.importing import planning
from fscdesk.services.importing.batch_rows import findings_of
from fscdesk.services.importing.plan_rows import PlanLines
from fscdesk.services.importing.planning import plan_import
from fscdesk.services.importing.reading import read_file
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.office import Office
from fscdesk.services.patients.guarantors import change_guarantor
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.written_off import accept_by_hand
from tests.support.appointment_files import HEADER, PAYER, written
from tests.support.clock import Clock
from tests.support.exports import (
    FILED,
    Export,
    agreed,
    charges,
    client,
    courtesy,
    insured,
    left_of_money,
    own,
    paid,
)
from tests.support.payments import cents, received, verify
from tests.support.people import add_guarantor


@pytest.fixture
def export(books: Office, clock: Clock, tmp_path: Path) -> Export:
    return Export(books, clock, tmp_path)


def foreseen(books: Office, folder: Path, *rows: list[str]) -> list[tuple[str, str]]:
    """Code and line of what the plan of such a file warns of."""
    path = folder / "looked_at.csv"
    path.write_text(written([HEADER, *rows]), encoding="utf-8")
    file = read_file(path)
    plan = books.read(lambda work: plan_import(work, file, accept_proposals=True)).plan
    told = [one for one in plan.findings if one.severity is Severity.WARNING]
    at_rows = [one for these in PlanLines(plan).findings.values() for one in these]
    assert at_rows == told, "each is seen at its row"
    return [(one.code, one.where) for one in told]


def test_money_that_is_set_free_is_said_before_and_after(
    books: Office, export: Export, tmp_path: Path
) -> None:
    export.batch(own(), own(day=9), day=FILED)
    first, _other = charges(books)
    paid(books, 160_00, charge_id=first.id)
    rows = (own("100.0"), own(day=9))
    assert foreseen(books, tmp_path, *rows) == [("payment-freed", "line 2")]
    done = export.comes(*rows)
    (told,) = [one for one in done.plan.findings if one.severity is Severity.WARNING]
    assert told.message == (
        "60.00 of payment PAY-2026-00001 no longer fits this session. It is kept as a credit."
    )
    kept = books.read(lambda work: findings_of(work, done.batch_id or 0))
    assert told in kept
    assert left_of_money(books) == [60_00]
    verify(books)


def test_an_adjustment_that_does_not_fit_is_said(
    books: Office, export: Export, tmp_path: Path
) -> None:
    export.batch(own(), day=FILED)
    courtesy(books, 40_00)
    assert foreseen(books, tmp_path, own("30.0")) == [("adjustment-dropped", "line 2")]
    done = export.comes(own("30.0"))
    (told,) = [one for one in done.plan.findings if one.code == "adjustment-dropped"]
    assert told.message == (
        "10.00 of adjustment ADJ-2026-00001 no longer fits this session."
        " It is not adjusted any more."
    )
    assert [one.patient_balance for one in charges(books)] == [Money()]
    verify(books)


def test_adjustment_and_money_take_their_places_in_the_order_that_was_shown(
    books: Office, export: Export, tmp_path: Path
) -> None:
    export.batch(own(), day=FILED)
    courtesy(books, 40_00)
    paid(books, 100_00)
    assert foreseen(books, tmp_path, own("90.0")) == [("payment-freed", "line 2")]
    done = export.comes(own("90.0"))
    (told,) = [one for one in done.plan.findings if one.code == "payment-freed"]
    assert told.message.startswith("50.00 of payment PAY-2026-00001")
    assert left_of_money(books) == [50_00]
    verify(books)


def test_what_fits_is_not_talked_about(books: Office, export: Export, tmp_path: Path) -> None:
    export.batch(own(), day=FILED)
    paid(books, 100_00)
    assert foreseen(books, tmp_path, own("170.0")) == []
    assert export.comes(own("170.0")).plan.findings == ()
    assert [one.patient_balance for one in charges(books)] == [Money(70_00)]


def accepted(books: Office) -> None:
    """A second person agrees that what SimplePractice wrote off is contractual."""
    (charge,) = charges(books)
    asked = books.write(lambda work: accept_by_hand(work, [charge.id], reason="Denied")).value
    agreed(books, asked)
    assert books.read(lambda work: cents(work, RECORDED_IN_SIMPLEPRACTICE)) == 0


def live_adjustments(books: Office) -> list[tuple[Money, bool]]:
    return books.read(
        lambda work: [
            (one.amount, one.charge_id == charges(books)[-1].id)
            for one in work.db.scalars(
                select(Adjustment).where(Adjustment.status == AdjustmentStatus.POSTED)
            )
        ]
    )


def test_an_accepted_write_off_goes_along(books: Office, export: Export, tmp_path: Path) -> None:
    export.batch(insured(written_off="130.0"), day=FILED)
    accepted(books)
    rows = (insured("170.0", written_off="140.0"),)
    assert foreseen(books, tmp_path, *rows) == []
    export.batch(*rows)
    assert live_adjustments(books) == [(Money(130_00), True)]
    assert books.read(lambda work: cents(work, RECORDED_IN_SIMPLEPRACTICE)) == 10_00
    verify(books)


def test_an_accepted_write_off_that_is_smaller_now_is_said(
    books: Office, export: Export, tmp_path: Path
) -> None:
    export.batch(insured(written_off="130.0"), day=FILED)
    accepted(books)
    rows = (insured("150.0", written_off="120.0"),)
    assert foreseen(books, tmp_path, *rows) == [("adjustment-dropped", "line 2")]
    done = export.comes(*rows)
    (told,) = [one for one in done.plan.findings if one.code == "adjustment-dropped"]
    assert told.message.startswith("10.00 of adjustment ADJ-2026-00001")
    assert live_adjustments(books) == [(Money(120_00), True)]
    assert books.read(lambda work: cents(work, RECORDED_IN_SIMPLEPRACTICE)) == 0
    verify(books)


def test_an_accepted_write_off_stays_with_a_new_guarantor(books: Office, export: Export) -> None:
    export.batch(insured(written_off="130.0"), day=FILED)
    accepted(books)
    who = client(books)
    parent = books.write(lambda work: add_guarantor(work, "Pat Parent")).value
    done = books.write(
        lambda work: change_guarantor(
            work, who.id, parent, from_day=date(2026, 1, 1), expected_version=who.version
        )
    ).value
    assert done.findings == ()
    assert live_adjustments(books) == [(Money(130_00), True)]
    assert books.read(lambda work: cents(work, RECORDED_IN_SIMPLEPRACTICE)) == 0
    verify(books)


def test_what_was_not_foreseen_is_said_all_the_same(
    books: Office, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    export.batch(own(), day=FILED)
    paid(books, 160_00)
    monkeypatch.setattr(planning, "foresee_changes", lambda _work, _changes: [])
    done = export.comes(own("100.0"))
    (told,) = done.plan.findings
    assert (told.code, told.where) == ("payment-freed", "line 2")
    assert told in books.read(lambda work: findings_of(work, done.batch_id or 0))


def test_a_payers_money_does_not_go_over_to_another_payer(
    books: Office, export: Export, tmp_path: Path
) -> None:
    export.batch(insured(), day=FILED)
    (charge,) = charges(books)
    assert charge.payer_id is not None
    part = Application(charge.id, Money(100_00), Side.INSURANCE)
    on = date(2026, 4, 12)
    new = NewPayment(
        Money(100_00), PaymentMethod.EFT, on, payer_id=charge.payer_id, applications=(part,)
    )
    received(books, new)
    end_policies(books)
    other = insured()
    other[PAYER] = "Make-Believe Health (99902)"
    assert foreseen(books, tmp_path, other) == [("payment-freed", "line 2")]
    done = export.comes(other)
    assert [one.code for one in done.plan.findings if one.severity is Severity.WARNING] == [
        "payment-freed"
    ]
    assert [one.insurance_balance for one in charges(books)] == [Money(130_00)]
    assert left_of_money(books) == [100_00]
    verify(books)


def end_policies(books: Office) -> None:
    """The client was never covered by the first payer: SimplePractice had it wrong."""
    books.write(lambda work: work.db.execute(delete(Policy)))
