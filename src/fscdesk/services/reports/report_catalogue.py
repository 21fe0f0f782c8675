"""All reports: what each answers, what it can be asked, and how it is made.

    for report in CATALOGUE:
        made = report.make(work, asked_from(work, report.params, {}))

The one home of names, questions and parameters: ``fscdesk report NAME`` has an option, and the
Reports screen a chip, for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fscdesk.services.reports import making_figures as figures
from fscdesk.services.reports import making_lists as lists
from fscdesk.services.reports import making_statements as statements
from fscdesk.services.reports.exception_kinds import WORDS
from fscdesk.services.reports.report_asked import Asked, Param, ParamKind, PeriodWord
from fscdesk.services.reports.report_made import Made
from fscdesk.services.work import Work

OWES, CAME, EARNED, BOOKS, STATEMENTS = (
    "Who owes us?",
    "What came in?",
    "How are we doing?",
    "Are the books right?",
    "The statements",
)
GROUPS: Final = (STATEMENTS, OWES, CAME, EARNED, BOOKS)


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One report. ``name`` is that of its command, ``answers`` the line that stands below it."""

    name: str
    title: str
    group: str
    answers: str
    make: Callable[[Work, Asked], Made]
    params: tuple[Param, ...] = ()

    def param(self, key: str) -> Param | None:
        """Return a parameter by its key; None where the report does not take it."""
        return next((one for one in self.params if one.key == key), None)


_AS_OF = Param("as_of", "As of", ParamKind.DAY, "The day of the figures. Left out: today.")
_MONTH = Param("period", "Period", ParamKind.PERIOD, "this month", default=PeriodWord.THIS_MONTH)
_YEAR = Param("period", "Months", ParamKind.PERIOD, "months", default=PeriodWord.TWELVE_MONTHS)
_COMPARE = Param(
    "compare",
    "Compare with",
    ParamKind.CHOICE,
    "What stands beside it. Left out: nothing.",
    (("previous", "The one before"), ("last-year", "Last year")),
)
_CUT = Param(
    "by",
    "By",
    ParamKind.CHOICE,
    "Cut it into columns.",
    (("cost-centre", "Cost centre"), ("provider", "Clinician")),
)

CATALOGUE: Final = (
    ReportKind(
        "income",
        "Income statement",
        STATEMENTS,
        "What was earned and what it cost.",
        statements.make_income,
        (
            _MONTH,
            Param(
                "view",
                "View",
                ParamKind.CHOICE,
                "When it was earned, or when its money came.",
                (("accrual", "Accrual"), ("cash", "Cash")),
                "accrual",
            ),
            _COMPARE,
            _CUT,
        ),
    ),
    ReportKind(
        "balance-sheet",
        "Balance sheet",
        STATEMENTS,
        "What the practice has, what it owes, what is the owner's.",
        statements.make_balance_sheet,
        (_AS_OF, _COMPARE),
    ),
    ReportKind(
        "cash-flow",
        "Cash flow",
        STATEMENTS,
        "How net income became a change of cash.",
        statements.make_cash_flow,
        (_MONTH, _COMPARE),
    ),
    ReportKind(
        "budget-variance",
        "Budget and actual",
        STATEMENTS,
        "The approved budget of these months, and what came.",
        statements.make_budget_variance,
        (
            Param(
                "period",
                "Months",
                ParamKind.PERIOD,
                "whole months",
                default=PeriodWord.LAST_MONTH,
                whole=True,
            ),
            Param(
                "by",
                "By",
                ParamKind.CHOICE,
                "One row for each.",
                (("cost-centre", "Cost centre"),),
            ),
        ),
    ),
    ReportKind(
        "aging",
        "A/R aging",
        OWES,
        "Who owes what, and for how long, as of any day.",
        lists.make_aging,
        (
            _AS_OF,
            Param(
                "by",
                "Rows",
                ParamKind.CHOICE,
                "Whose open amounts stand in one row.",
                (
                    ("payer", "Payer"),
                    ("patient", "Client"),
                    ("guarantor", "Guarantor"),
                    ("provider", "Clinician"),
                    ("session", "Session"),
                ),
                "payer",
            ),
            Param(
                "age_by",
                "Age by",
                ParamKind.CHOICE,
                "From which day an amount ages.",
                (
                    ("service", "Service"),
                    ("posting", "Posting"),
                    ("responsibility", "Responsibility"),
                ),
                "service",
            ),
            Param(
                "bucket_days",
                "Buckets",
                ParamKind.NUMBER,
                "How many days a bucket holds.",
                tuple((str(days), f"{days} days") for days in (7, 15, 30, 45, 60, 90)),
                30,
            ),
        ),
    ),
    ReportKind(
        "unapplied",
        "Unapplied money",
        OWES,
        "Money that is not applied: whose it is, why, since when; tied to the ledger.",
        lists.make_unapplied,
        (_AS_OF,),
    ),
    ReportKind(
        "roll-forward",
        "A/R roll-forward",
        OWES,
        "Receivables: opening, charges, payments, adjustments, closing.",
        statements.make_roll_forward,
        (_MONTH,),
    ),
    ReportKind(
        "day-sheet",
        "Day sheet",
        CAME,
        "Everything that was posted on a day, by kind, person and method; tied to the journal.",
        lists.make_day_sheet,
        (
            Param("day", "Day", ParamKind.DAY, "Left out: today.", options=("--as-of", "--day")),
            Param(
                "by",
                "Day of",
                ParamKind.CHOICE,
                "By the day in the books, or by when it was posted.",
                (("entry", "The books"), ("posting", "Posting")),
                "entry",
            ),
        ),
    ),
    ReportKind(
        "payer-mix",
        "Payer mix",
        CAME,
        "What each payer's clients were charged, and who paid.",
        figures.make_payer_mix,
        (_MONTH,),
    ),
    ReportKind(
        "paid-history",
        "Paid history",
        CAME,
        "What each payer allows and pays for each code, by day of service.",
        figures.make_paid_history,
        (_YEAR, Param("code", "Codes", ParamKind.WORDS, "Left out: every code.")),
    ),
    ReportKind(
        "adjustments",
        "Adjustments by reason",
        CAME,
        "What was taken off what is owed, by kind and the payer's reason.",
        figures.make_adjustments,
        (_MONTH,),
    ),
    ReportKind(
        "revenue",
        "Revenue by service",
        EARNED,
        "What each service earned, by its code.",
        figures.make_revenue,
        (
            _MONTH,
            Param(
                "by",
                "By",
                ParamKind.CHOICE,
                "Left out: service.",
                (("cost-centre", "Cost centre"), ("provider", "Clinician")),
            ),
        ),
    ),
    ReportKind(
        "production",
        "Provider production",
        EARNED,
        "What each clinician earned, and what was paid for it.",
        figures.make_production,
        (_MONTH,),
    ),
    ReportKind(
        "collection-rate",
        "Collection rate",
        EARNED,
        "How much of what the services of each month are worth has been paid.",
        figures.make_collection_rate,
        (_YEAR, Param("as_of", "Paid until", ParamKind.DAY, _AS_OF.help)),
    ),
    ReportKind(
        "dso",
        "Days in A/R",
        EARNED,
        "Days in A/R and days to payment at the end of each month.",
        figures.make_dso,
        (_YEAR,),
    ),
    ReportKind(
        "clean-claims",
        "Clean claims",
        EARNED,
        "Denial and clean-claim rates at the end of each month.",
        figures.make_clean_claims,
        (_YEAR,),
    ),
    ReportKind(
        "denials",
        "Denials",
        EARNED,
        "How many services payers denied of those they first answered in a period, and appeals.",
        figures.make_denials,
        (
            Param("period", "Period", ParamKind.PERIOD, "year", default=PeriodWord.THIS_YEAR),
            Param(
                "by",
                "By",
                ParamKind.CHOICE,
                "What stands in one row.",
                (
                    ("payer", "Payer"),
                    ("code", "Code"),
                    ("clinician", "Clinician"),
                    ("category", "Category"),
                    ("month", "Month"),
                ),
                "payer",
            ),
        ),
    ),
    ReportKind(
        "trial-balance",
        "Trial balance",
        BOOKS,
        "Every account with its debit or credit balance.",
        statements.make_trial_balance,
        (_AS_OF, _COMPARE),
    ),
    ReportKind(
        "tie-out",
        "Tie-out of receivables",
        BOOKS,
        "Aging, the accounts of clients and payers, and the ledger, side by side.",
        statements.make_tie_out,
        (_AS_OF,),
    ),
    ReportKind(
        "exceptions",
        "Exceptions",
        BOOKS,
        "Money without its remittance, remittances without money, and what is between the two.",
        lists.make_exceptions,
        (
            _AS_OF,
            Param(
                "kind",
                "Kinds",
                ParamKind.CHOICES,
                "Only this kind; may be given again.",
                tuple((kind.value, words) for kind, words in WORDS.items()),
            ),
        ),
    ),
    ReportKind(
        "clearing",
        "Recorded in SimplePractice",
        BOOKS,
        "What is recorded as paid in SimplePractice and stands open, each line with its reason.",
        lists.make_clearing,
        (_AS_OF,),
    ),
    ReportKind(
        "comparison",
        "Compared with SimplePractice",
        BOOKS,
        "SimplePractice's totals beside ours, line by line, with the reason of each difference.",
        lists.make_comparison,
        (
            Param(
                "differing",
                "Lines that differ",
                ParamKind.FLAG,
                "Only the lines that differ.",
            ),
        ),
    ),
)
"""Every report, in the order of the screen."""
REPORTS: Final[Mapping[str, ReportKind]] = MappingProxyType({one.name: one for one in CATALOGUE})
"""The same by name."""
