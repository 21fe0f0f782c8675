"""The books of the demo, read as an accountant would: everything that must be equal is."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment
from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.adjustment_rules import TAKEN_WITH_PAYMENT
from fscdesk.services.ledger.accounts import (
    OPEN_ACCOUNTS,
    PAYER_CREDITS,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.ledger.open_items import open_total
from fscdesk.services.office import Office
from fscdesk.services.reports.adjustments_by_reason import adjustments_by_reason
from fscdesk.services.reports.balance_sheet import balance_sheet
from fscdesk.services.reports.books import Cut, balances
from fscdesk.services.reports.cash_flow import cash_flow
from fscdesk.services.reports.earned import earned
from fscdesk.services.reports.income_statement import View, income_statement
from fscdesk.services.reports.periods import Compare
from fscdesk.services.reports.rates import claim_rates, collection_rates, dso_by_month
from fscdesk.services.reports.report_catalogue import REPORTS
from fscdesk.services.reports.roll_forward import COLUMNS, roll_forward
from fscdesk.services.reports.tie_out import tie_out
from fscdesk.services.reports.trial_balance import trial_balance
from fscdesk.services.work import Work
from tests.support.books_kept import not_behind
from tests.support.every_report import all_told

TODAY = date(2026, 4, 15)
QUARTER = (date(2026, 1, 1), date(2026, 3, 31))
MANY = 20_000
"""Lines in a page: the demo has too many for pages of three."""
WHOLE = (date(2025, 1, 1), TODAY)
MANY_ADJUSTED = 20
"""So many write-offs at least the demo takes with a payer's payment."""


@pytest.fixture
def demo(small_demo: Office) -> Office:
    return small_demo


@pytest.mark.parametrize(
    "day", [date(2025, 9, 30), date(2025, 12, 31), date(2026, 2, 28), date(2026, 3, 17), TODAY]
)
def test_the_balance_sheet_balances(demo: Office, day: date) -> None:
    found = demo.read(lambda work: balance_sheet(work, day, compare=Compare.PREVIOUS))
    assert found.ties, found.proofs
    assert found.amount("total_assets") > ZERO
    assert demo.read(lambda work: not_behind(work, found, MANY)) == []
    assert demo.read(lambda work: trial_balance(work, day)).ties


@pytest.mark.parametrize("days", [QUARTER, WHOLE, (date(2026, 2, 3), date(2026, 2, 3))])
def test_receivables_roll_forward(demo: Office, days: tuple[date, date]) -> None:
    found = demo.read(lambda work: roll_forward(work, *days))
    assert found.ties
    assert found.total.closing == found.tie.ledger
    assert {row.account for row in found.rows} <= set(OPEN_ACCOUNTS)
    # What the other reports call adjustments, without what SimplePractice alone wrote off.
    reasons = demo.read(lambda work: adjustments_by_reason(work, *days))
    assert found.recorded.written_off or days != QUARTER, "account 1060 explains something"
    assert found.decided == reasons.total
    cash = demo.read(lambda work: income_statement(work, *days, view=View.CASH))
    went_back = found.total.moved[[key for key, *_rest in COLUMNS].index("returned")]
    if days != WHOLE:  # over the two years an agency kept its fee of what it recovered
        assert found.received - went_back == cash.amount("clients") + cash.amount("payers")


def test_adjustments_stand_in_the_month_of_the_payment(demo: Office) -> None:
    """An import of several months does not heap their contractual adjustments on one of them."""

    def by_month(work: Work) -> list[tuple[date, date]]:
        rows = work.db.execute(
            select(Adjustment.on, func.max(Payment.posted_on), Charge.service_day)
            .join(Charge, Charge.id == Adjustment.charge_id)
            .join(JournalLine, JournalLine.charge_id == Charge.id)
            .join(Payment, Payment.id == JournalLine.payment_id)
            .where(
                Adjustment.reason == TAKEN_WITH_PAYMENT,
                Adjustment.amount > Money(),
                JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
                JournalLine.part == Part.INSURANCE_PAID,
            )
            .group_by(Adjustment.id, Adjustment.on, Charge.service_day)
        )
        return [(on, max(paid, served)) for on, paid, served in rows]

    found = demo.read(by_month)
    assert len(found) > MANY_ADJUSTED
    assert [pair for pair in found if pair[0] > pair[1]] == []


def test_cash_flow_ties(demo: Office) -> None:
    for days in (QUARTER, WHOLE):
        found = demo.read(lambda work, days=days: cash_flow(work, *days))  # type: ignore[misc]
        assert found.ties, found.proofs
        assert demo.read(lambda work, found=found: not_behind(work, found, MANY)) == []  # type: ignore[misc]


def test_the_cash_view_is_the_money_that_was_received(demo: Office) -> None:
    found = demo.read(lambda work: income_statement(work, *WHOLE, view=View.CASH))
    assert found.ties

    def received(work: Work) -> int:
        """Count from the payments and refunds themselves, not from the ledger."""
        came = work.db.scalar(
            select(func.sum(Payment.amount)).where(
                Payment.status == PaymentStatus.POSTED, Payment.posted_on <= TODAY
            )
        )
        back = work.db.scalar(
            select(func.sum(Refund.amount)).where(Refund.status == RefundStatus.PAID)
        )
        return (came or ZERO).cents - (back or ZERO).cents

    by_source = found.amount("clients") + found.amount("payers")
    assert abs(by_source.cents) > 0
    assert by_source == Money(demo.read(received))
    assert demo.read(lambda work: not_behind(work, found, MANY)) == []


def test_what_is_cut_adds_up_to_the_statement(demo: Office) -> None:
    def look(work: Work) -> None:
        statement = income_statement(work, *QUARTER)
        net = statement.amount("net_revenue")
        for cut in (Cut.CODE, Cut.PAYER, Cut.PROVIDER, Cut.COST_CENTRE):
            found = earned(work, *QUARTER, by=cut)
            assert found.ties
            assert found.total.net == net
        assert income_statement(work, *QUARTER, by=Cut.PROVIDER).ties
        reasons = adjustments_by_reason(work, *QUARTER)
        assert reasons.ties
        off = statement.amount("gross_revenue") - net
        assert reasons.total == off + statement.amount("9000")
        assert any(row.code == "45" for row in reasons.rows)

    demo.read(look)


def test_both_databases_say_the_same_to_the_cent(demo: Office, demo_built_again: Office) -> None:
    def everything(work: Work) -> tuple[object, ...]:
        return (
            trial_balance(work, TODAY),
            income_statement(work, *QUARTER, compare=Compare.PREVIOUS),
            income_statement(work, *QUARTER, by=Cut.PROVIDER),
            income_statement(work, *QUARTER, view=View.CASH),
            balance_sheet(work, TODAY),
            cash_flow(work, *QUARTER),
            roll_forward(work, *QUARTER),
            tie_out(work, TODAY),
            *(earned(work, *QUARTER, by=cut) for cut in (Cut.CODE, Cut.PAYER)),
            adjustments_by_reason(work, *QUARTER),
            collection_rates(work, *QUARTER, as_of=TODAY),
            dso_by_month(work, *QUARTER),
            claim_rates(work, *QUARTER),
        )

    for one, other in zip(demo.read(everything), demo_built_again.read(everything), strict=True):
        assert one == other


def test_every_report_of_the_catalogue_says_the_same_on_both_databases(
    demo: Office, demo_built_again: Office
) -> None:
    one, other = demo.read(all_told), demo_built_again.read(all_told)
    assert {name.partition(" ")[0] for name, _ in one} == set(REPORTS)
    for said, again in zip(one, other, strict=True):
        assert said == again


def test_aging_accounts_and_ledger_agree_on_every_day(demo: Office) -> None:
    """Three sums of three sources: open charges and credits, owners' accounts, the ledger.

    The aging is asked anew for each day; the other two run on by what each day moved.
    """

    def look(work: Work) -> None:
        first = work.db.scalar(select(func.min(JournalLine.day)))
        assert first is not None
        ledger: dict[date, int] = defaultdict(int)
        owners: dict[date, int] = defaultdict(int)
        lines = work.db.execute(
            select(
                JournalLine.day,
                JournalLine.account,
                JournalLine.patient_id,
                JournalLine.payer_id,
                JournalLine.amount,
            ).where(JournalLine.account.in_(OPEN_ACCOUNTS))
        )
        for day, account, patient, payer, amount in lines:
            ledger[day] += amount.cents
            owner = payer if account == PAYER_CREDITS and patient is None else patient or payer
            owners[day] += amount.cents if owner is not None else 0
        day, in_ledger, of_owners, days, off = first, 0, 0, 0, []
        while day <= TODAY:
            in_ledger += ledger[day]
            of_owners += owners[day]
            if not open_total(work, day).cents == in_ledger == of_owners:
                off.append(day)
            day += timedelta(days=1)
            days += 1
        assert (days > 190, off) == (True, [])
        whole = balances(work, None, TODAY, accounts=OPEN_ACCOUNTS)
        assert in_ledger == sum(one.cents for one in whole)

    demo.read(look)
