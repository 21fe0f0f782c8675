"""The sentences of the Statements screen."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from fscdesk.models.values import Money
from fscdesk.services.billing.statement_runs import RunRow
from fscdesk.services.billing.statement_terms import PROOF, RunFilters
from fscdesk.services.billing.statements import Flag, Made, Reason, Recipient, StatementPlan
from fscdesk.ui.text import count_text, day_text, moment_text, money_text

_OWING = frozenset(Reason) - {Reason.ZERO, Reason.CREDIT, Reason.BELOW_MINIMUM}


def amount(money: Money) -> str:
    """Return a sum as it is stated: zero is ``0.00``."""
    return money_text(money, zero_dash=False)


def made_words(made: Made) -> str:
    """Say that a run was made."""
    count = count_text(len(made.statements), "statement")
    verb = "is" if len(made.statements) == 1 else "are"
    return f"{count} {verb} made and kept as run {made.run_id}, {amount(made.total)} in all."


def run_words(made: Made) -> str:
    """Say what a run holds."""
    count = count_text(len(made.statements), "statement")
    return f"{count} as of {day_text(made.as_of)}, {amount(made.total)} in all"


def run_facts(run: RunRow, zone: ZoneInfo) -> str:
    """Say when a run was made, by whom, and which numbers it has."""
    when: datetime = run.made_at
    numbers = run.first if run.first == run.last else f"{run.first} to {run.last}"
    return (
        f"Made {moment_text(when, zone)} by {run.made_by}, {numbers}. "
        "The pages are kept, and print again exactly as they are."
    )


def why_proofed(one: Recipient) -> tuple[str, ...]:
    """Say of each flag what there is to look at, the most important one first."""
    credit = amount(one.ages.credits)
    last, plan = one.last, one.plan
    said = {
        Flag.NO_ADDRESS: "No address is known: the page comes last, to be handed over.",
        Flag.JUST_PAID: "A payment came in these days. It may cross the statement in the mail.",
        Flag.NEW_CREDIT: f"Money came since the last statement and is not applied: {credit}.",
        Flag.OVER_120: f"Open for more than 120 days: {amount(one.ages.owed[4])}.",
        Flag.CREDITS: f"Money is not applied: {credit}.",
        Flag.FIRST: "It is the first statement of this account.",
    }
    if last is not None:
        said[Flag.DOUBLED] = (
            f"The balance is twice that of statement {last.number}, or more: it asked for"
            f" {amount(last.asked)}."
        )
    if plan is not None:
        said[Flag.ON_PLAN] = (
            f"Pays by plan {', '.join(plan.numbers)}: {amount(plan.due_now)} of it is due now,"
            f" {amount(plan.total)} is left in all."
        )
    order = [flag for flag in (*sorted(PROOF), *Flag) if flag in one.flags]
    return tuple(said[flag] for flag in dict.fromkeys(order) if flag in said)


def proofed_words(good: int, held: int) -> str:
    """Say what came of looking at the pages."""
    words = f"{count_text(good + held, 'page')} looked at"
    if held:
        words += f", {held:,} held until the cause is gone"
    return f"{words}. No statement is made yet."


def filter_words(filters: RunFilters) -> str:
    """Say which accounts the filters leave, in words; nothing where only the rules choose."""
    usual = RunFilters()
    parts = [
        (filters.age_days, f"open for {filters.age_days} days or more"),
        (filters.changed_only, "changed since the last statement"),
        (
            filters.repeat_days is not None,
            f"reminded again after {filters.repeat_days} days",
        ),
        (filters.leave_pending, "without insurance pending"),
        (filters.leave_on_plan, "without those on a plan"),
        (filters.leave_in_collections, "without those at an agency"),
        (filters.billing_types, f"of type {' or '.join(filters.billing_types)}"),
        (filters.with_credits, "with accounts in credit"),
        (filters.bad_addresses, "with addresses from which mail came back"),
        (filters.most is not None, f"at most {filters.most} in the run"),
    ]
    said = [words for is_set, words in parts if is_set] if filters != usual else []
    return f"Only {', '.join(said)}." if said else ""


def make_verb(plan: StatementPlan) -> str:
    """Return what the primary button says."""
    if not plan.recipients:
        return "Make statements"
    return f"Make {count_text(len(plan.recipients), 'statement')}"


def not_yet(plan: StatementPlan) -> str:
    """Say that nothing is made, and what a person should know before."""
    without = sum(Flag.NO_ADDRESS in one.flags for one in plan.recipients)
    words = "Nothing is made yet."
    if without == 1:
        words += " 1 has no address: it comes last, to be handed over."
    elif without:
        words += f" {without:,} have no address: they come last, to be handed over."
    return " ".join([words, *(finding.message for finding in plan.findings)])


def nobody_words(plan: StatementPlan) -> str:
    """Say why nobody gets a statement."""
    day = day_text(plan.as_of)
    if any(one.reason_code in _OWING for one in plan.left_out):
        return f"Nobody gets a statement as of {day}. The list of those left out says why."
    return f"Nobody owes {amount(plan.minimum)} or more as of {day}."


def why_none(plan: StatementPlan) -> str:
    """Say on the button why it is off."""
    return "" if plan.recipients else "Nobody gets a statement"


def sum_words(plan: StatementPlan) -> str:
    """Say what the two parts come to: what the ledger holds of these accounts."""
    count = len(plan.recipients) + len(plan.left_out)
    total = amount(plan.total + plan.total_left_out)
    return f"{count_text(count, 'account')}, {total} in all"


def only_words(plan: StatementPlan) -> str:
    """Say whose accounts alone are looked at."""
    names = [one.name for one in plan.recipients] + [one.name for one in plan.left_out]
    if len(names) == 1:
        return f"Only the account of {names[0]}."
    count = len(plan.only or ())
    if not names and count == 1:
        return "Only one account, on which nothing was ever posted."
    return f"Only {count_text(count, 'account')}."


def saved_words(made: Made, folder: str) -> str:
    """Say what was written, and where."""
    count = count_text(len(made.statements), "statement")
    verb = "is" if len(made.statements) == 1 else "are"
    return f"{count} {verb} saved in {folder}, with the print file and the proof list."
