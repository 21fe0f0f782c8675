"""What the plan wizard says: of a sum and its payments, and of the plan that a new one replaces."""

from __future__ import annotations

from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.plan_reading import plan_detail
from fscdesk.services.payments.plan_entry import Agreed, OldPlan, take_back
from fscdesk.services.work import Work
from fscdesk.ui.screens.patients.plan_lists import DueLine
from fscdesk.ui.text import count_text, money_text


def sum_words(down: Money, dues: tuple[DueLine, ...]) -> str:
    """Return what is paid at once and then: ``120.00 + 6 × 80.00``."""
    parts = [] if down == ZERO else [money_text(down)]
    if dues:
        first, last = dues[0].principal, dues[-1].principal
        same = len(dues) if first == last else len(dues) - 1
        if same:
            parts.append(f"{same} × {money_text(first)}")
        if first != last:
            parts.append(money_text(last))
    if any(one.interest for one in dues):
        parts.append("interest")
    return " + ".join(parts)


def old_words(old: OldPlan, left_out: Money) -> str:
    """Return what becomes of the plan that is replaced.

    ``left_out`` is open of its charges that do not go into the new plan.
    """
    unpaid = f"{old.number} of {count_text(old.payments, 'payment')} not paid"
    said = [f"{old.name} ends today: {unpaid}, {_stated(old.open)} open."]
    if old.fees:
        said.append(f"That is with {_stated(old.fees)} of interest and late fees.")
    if left_out:
        said.append(f"{_stated(old.open - left_out)} of it goes into the new plan;")
        said.append(f"{_stated(left_out)} is due as usual.")
    else:
        said.append("All of it goes into the new plan.")
    if old.paid > ZERO:
        said.append(f"{_stated(old.paid)} was paid on it and counts as paid at once.")
    said.append("Both plans and their agreements stay in the list.")
    return " ".join(said)


def agreed_words(agreed: Agreed, dues: tuple[DueLine, ...], old: OldPlan | None) -> str:
    """Return what was agreed, and which payment and receipt came with it."""
    plan = agreed.plan
    place = "" if old is None else f" in place of {old.name}"
    said = f"Plan {plan.number} is agreed{place}: {sum_words(plan.down_payment, dues)}."
    if agreed.payment:
        said += f" {agreed.payment} is posted, receipt {agreed.receipt} is kept."
    return said


def back(agreed: Agreed, old: OldPlan | None, work: Work) -> str:
    """Take a plan back, and say what that did."""
    take_back(work, agreed)
    paid = f" {agreed.payment} is voided." if agreed.payment else ""
    before = ""
    if old is not None:
        goes_on = plan_detail(work, old.plan_id).standing.status.value == "active"
        before = f" {old.name} {'goes on as before' if goes_on else 'stays replaced'}."
    return f"Plan {agreed.plan.number} is taken back.{paid}{before}"


def _stated(amount: Money) -> str:
    return money_text(amount, zero_dash=False)
