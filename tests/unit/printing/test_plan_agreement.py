"""Payment plan agreements read back: each figure, each clause, both signatures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.plan_agreement import PlanTerms, plan_agreement
from tests.support.papers import a_plan, flat


def test_agreement_says_what_is_owed_when_and_what_it_costs() -> None:
    text = flat(plan_agreement(a_plan()))
    for part in (
        "Between Fictional Springs Counseling (“the practice”) and Sample McSampleface (“you”).",
        "You owe the practice $300.00",
        "03/01/2026 Quill Fakerson Individual session, 50 minutes 000. 100.00",
        "Owed 300.00",
        "Down payment, due on signing −60.00",
        "Paid by this plan 240.00",
        "Annual percentage rate 5 %",
        "Interest (finance charge) $7.50",
        "Amount financed $240.00",
        "Total of payments $247.50",
        "1 05/15/2026 40.00 1.25 41.25 200.00",
        "6 10/15/2026 40.00 1.25 41.25 0.00",
        "Together 240.00 7.50 247.50",
        "Simple interest of 5 % a year",
        (
            "within 10 days of its due date, a late fee of $25.00 or 5 % of that payment, "
            "whichever is greater, is added."
        ),
        "You make each payment yourself",
        "If 2 payments are not made within 10 days of their due dates, the practice may end",
        "You may pay all or a part of what is left on any day, without a fee.",
        "Signature: Sample McSampleface",
        "For the practice: Fictional Springs Counseling",
    ):
        assert part in text
    assert text.count("Date") >= 4  # two of them beside the signatures


def test_every_payment_is_printed_once_and_in_order() -> None:
    text = flat(plan_agreement(a_plan(24)))
    rows = re.findall(r" (\d+) (\d\d/15/20\d\d) ", text)
    assert [int(number) for number, _ in rows] == list(range(1, 25))
    assert rows[0][1] == "05/15/2026"
    assert rows[-1][1] == "04/15/2028"


def test_signatures_stand_together() -> None:
    for charges in range(1, 30):
        *_, last = flat(plan_agreement(a_plan(4, charges=charges))).split("Continued on page")
        assert "Signature: Sample" in last
        assert "For the practice" in last


def test_free_plan_says_that_nothing_is_added() -> None:
    text = flat(plan_agreement(a_plan(interest=ZERO, terms=PlanTerms(), down=ZERO)))
    assert "Interest None is charged on this plan." in text
    assert "No late fee is charged." in text
    assert "Annual percentage rate 0 %" in text
    assert "Down payment: none" in text


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (PlanTerms(late_fee_least=Money(25_00)), "a late fee of $25.00 is added."),
        (PlanTerms(late_fee_percent=Decimal("1.50")), "fee of 1.5 % of that payment is added."),
        (PlanTerms(grace_days=0), "counts as on time on its due date"),
        (PlanTerms(grace_days=1), "within 1 day of its due date"),
        (PlanTerms(auto_pay="the card ending in 4242"), "charge the card ending in 4242 with"),
        (
            PlanTerms(auto_pay="it", auto_pay_discount=Money(12_00)),
            "If every payment is made so, $12.00 is taken off.",
        ),
        (PlanTerms(default_after=1), "If 1 payment is not made within 10 days of its due date,"),
        (PlanTerms(grace_days=0), "If 2 payments are not made on their due dates,"),
        (PlanTerms(default_clause="All is due at once."), "Default All is due at once."),
        (PlanTerms(early_clause="Pay when you like."), "Paying early Pay when you like."),
    ],
)
def test_terms_as_agreed(terms: PlanTerms, sentence: str) -> None:
    assert sentence in flat(plan_agreement(a_plan(interest=ZERO, terms=terms)))


def test_down_payment_may_have_its_day() -> None:
    document = replace(a_plan(), down_payment_on=date(2026, 4, 10))
    assert "Down payment, due by 04/10/2026 −60.00" in flat(plan_agreement(document))


@pytest.mark.parametrize(
    "change",
    [
        {"owed": Money(300_01)},
        {"financed": Money(300_00)},
        {"down_payment": Money(61_00)},
        {"down_payment": Money(300_00), "financed": ZERO},
        {"down_payment": Money(-1)},
        {"total_interest": Money(7_49)},
        {"total_of_payments": Money(307_50)},
        {"charges": ()},
        {"payments": ()},
        {"terms": PlanTerms(apr=Decimal(0))},
    ],
)
def test_agreement_that_does_not_add_up_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="PLN-2026-00002"):
        replace(a_plan(), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "change"),
    [
        (0, {"number": 2}),
        (1, {"amount": Money(41_24)}),
        (1, {"remaining": Money(160_01)}),
        (2, {"principal": Money(40_01), "amount": Money(41_26)}),
        (2, {"interest": Money(1_24), "amount": Money(41_24)}),
        (3, {"due_on": date(2026, 7, 15)}),
        (5, {"interest": Money(-1_25), "amount": Money(38_75)}),
    ],
)
def test_schedule_that_does_not_lead_to_zero_is_refused(at: int, change: dict[str, object]) -> None:
    document = a_plan()
    payments = list(document.payments)
    payments[at] = replace(payments[at], **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="PLN-2026-00002"):
        replace(document, payments=tuple(payments))


def test_last_payment_leaves_nothing() -> None:
    document = a_plan()
    with pytest.raises(ValueError, match="at its end"):
        replace(
            document,
            payments=document.payments[:-1],
            total_interest=Money(6_25),
            total_of_payments=Money(206_25),
        )
