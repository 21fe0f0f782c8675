"""The fictional office's books: what it had when it began here, its plans, what comes each month.

Amounts are those of the usual size; a smaller practice has so much less.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from fscdesk.models.account import AccountType
from fscdesk.models.recurring import Every
from fscdesk.models.values import Money
from fscdesk.services.accounting.budgets import (
    Spread,
    add_budget,
    approve_budget,
    budget,
    copy_budget,
    enter_budget,
)
from fscdesk.services.accounting.chart import AccountDraft, add_account
from fscdesk.services.accounting.cost_centres import (
    CentreDraft,
    CostCentreKind,
    assign,
    centre_members,
    save_cost_centre,
)
from fscdesk.services.accounting.journal import ManualLeg
from fscdesk.services.accounting.opening import OpeningBank, OpeningDraft, OpeningLine, open_books
from fscdesk.services.accounting.recurring import RecurringDraft, save_recurring
from fscdesk.services.banking.accounts import (
    BankAccountDraft,
    BankAccountKind,
    account_named,
    bank_accounts,
    save_bank_account,
)
from fscdesk.services.demo.bank_file import BANK
from fscdesk.services.demo.bank_lines import SOFTWARE
from fscdesk.services.demo.season import Season
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Work

CLINIC, VIDEO = "CLINIC", "VIDEO"
OUTSTANDING_INSURANCE: Final = "Insurance, one month"
"""The recurring entry that a person posts, and not the program."""
_USUAL: Final = 104
"""Places in the week of the usual size."""
_CENTRES: Final = (
    CentreDraft(CLINIC, "Nowhere Avenue", CostCentreKind.CLINICAL),
    CentreDraft(VIDEO, "Video sessions", CostCentreKind.CLINICAL),
)
_PLANNED: Final = (
    ("4010", 690_000_00, CLINIC),
    ("4010", 180_000_00, VIDEO),
    ("4020", 7_000_00, CLINIC),
    ("4030", 24_000_00, VIDEO),
    ("4300", 10_000_00, CLINIC),
    ("4300", 2_000_00, VIDEO),
    ("4900", -136_000_00, CLINIC),
    ("4900", -34_000_00, VIDEO),
    ("5000", 250_000_00, CLINIC),
    ("5000", 90_000_00, VIDEO),
    ("5200", 78_000_00, CLINIC),
    ("5400", 32_000_00, CLINIC),
    ("7000", 21_600_00, CLINIC),
    ("7000", 7_200_00, VIDEO),
    ("7200", 2_400_00, CLINIC),
    ("7300", 3_000_00, CLINIC),
    # What the bank and its card processor take off names no cost centre, so its plan has none.
    (SOFTWARE, 1_200_00, None),
    ("7500", 180_00, None),
    ("7600", 5_400_00, None),
    ("8100", 4_200_00, CLINIC),
)
"""What a year is to bring and cost, by account and cost centre, in cents of the usual size."""
_RAISED: Final = 4
"""By how many percent this year's plan is above last year's."""
_MONTHS: Final = 12
_DOLLARS, _TENS, _LARGE = 100, 1_000, 1_000_00
"""Small amounts are planned in whole dollars, those from a thousand a month on in tens."""
_BY_VIDEO: Final = 3
"""Every so many clinicians work by video."""


def sized(season: Season, cents: int) -> int:
    """Return an amount of the usual size, in whole dollars, for this practice."""
    return max(100, cents * season.places // (_USUAL * 100) * 100)


def set_up_books(work: Work, season: Season) -> None:
    """Enter the accounts at the bank, the opening balances, what recurs, and the budgets."""
    add_account(work, AccountDraft(SOFTWARE, "Software", AccountType.EXPENSE, flow=None))
    for draft in _CENTRES:
        save_cost_centre(work, draft)
    for number, row in enumerate(providers(work)):
        code = VIDEO if number % _BY_VIDEO == _BY_VIDEO - 1 else CLINIC
        assign(work, row.id, code, None, expected_version=row.version)
    _open(work, season)
    _recur(work, season)
    _plan(work, season)


def place_newcomers(work: Work) -> None:
    """Let who came after the start count for the clinic, as far back as months are open."""
    for row in centre_members(work):
        if not row.history:
            assign(work, row.id, CLINIC, row.suggested, expected_version=row.version)


def _open(work: Work, season: Season) -> None:
    checking = account_named(work)
    seen = next(one for one in bank_accounts(work) if one.id == checking)
    draft = BankAccountDraft(seen.name, bank=BANK, number="00099001234", is_default=True)
    save_bank_account(work, draft, account_id=checking, expected_version=seen.version)
    saved = BankAccountDraft("Savings", BankAccountKind.SAVINGS, BANK, "00099005501")
    savings = save_bank_account(work, saved)
    code = next(one.account for one in bank_accounts(work) if one.id == savings)
    there = {
        "1000": sized(season, 64_500_00),
        code: sized(season, 25_000_00),
        "1400": sized(season, 12_000_00),
        "1410": -sized(season, 3_600_00),
    }
    lines = [OpeningLine(account, Money(cents)) for account, cents in there.items()]
    lines.append(OpeningLine("3000", Money(-sum(there.values())), "What the owners brought"))
    banks = (
        OpeningBank(checking, Money(there["1000"])),
        OpeningBank(savings, Money(there[code])),
    )
    open_books(work, OpeningDraft(season.first, tuple(lines), banks))


def _recur(work: Work, season: Season) -> None:
    month = (season.first.replace(day=1) + timedelta(days=32)).replace(day=1)
    rent, worn = sized(season, 2_400_00), sized(season, 250_00)
    away = rent // 4
    save_recurring(
        work,
        RecurringDraft(
            "Rent",
            Every.MONTH,
            month,
            (
                ManualLeg("7000", rent - away, CLINIC),
                ManualLeg("7000", away, VIDEO),
                ManualLeg("1000", -rent),
            ),
            "Rent of 200 Nowhere Avenue",
            by_itself=True,
        ),
    )
    save_recurring(
        work,
        RecurringDraft(
            "Depreciation",
            Every.MONTH,
            (month + timedelta(days=32)).replace(day=1) - timedelta(days=1),
            (ManualLeg("7300", worn, CLINIC), ManualLeg("1410", -worn)),
            "Depreciation of the equipment",
            by_itself=True,
        ),
    )
    premium = sized(season, 2_400_00) // 12
    save_recurring(
        work,
        RecurringDraft(
            OUTSTANDING_INSURANCE,
            Every.MONTH,
            month,
            (ManualLeg("7200", premium, CLINIC), ManualLeg("1300", -premium)),
            "Malpractice and office insurance",
        ),
    )


def _plan(work: Work, season: Season) -> None:
    """Draft and approve the budget of last year, and this year's out of it."""
    last, this = date(season.today.year - 1, 1, 1), date(season.today.year, 1, 1)
    made = add_budget(work, f"Budget {last.year}", last, note="By the owners, in December")
    _enter(work, season, made, last)
    copied = copy_budget(work, made, f"Budget {this.year}", this)
    _enter(work, season, copied, this, _RAISED)
    for ident in (made, copied):
        approve_budget(work, ident, expected_version=budget(work, ident).head.version)


def _enter(work: Work, season: Season, made: int, first: date, percent: int = 0) -> None:
    """Enter what each month is to bring and cost: nobody plans to the cent."""
    for account, cents, centre in _PLANNED:
        month = sized(season, abs(cents) // _MONTHS) * (100 + percent) // 100
        step = _TENS if month >= _LARGE else _DOLLARS
        year = max(step, (month + step // 2) // step * step) * _MONTHS
        amount = Money(year if cents > 0 else -year)
        enter_budget(
            work, made, account, amount, month=first, spread=Spread.YEAR, cost_centre=centre
        )
