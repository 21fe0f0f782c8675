"""The chart of accounts and cost centres: edited, with what the program uses kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.account import Account
from fscdesk.models.provider import Provider
from fscdesk.models.staff import Role
from fscdesk.services.accounting.chart import (
    AccountDraft,
    AccountRow,
    AccountType,
    CashFlow,
    accounts_like,
    add_account,
    change_account,
    chart,
    named_account,
    remove_account,
)
from fscdesk.services.accounting.cost_centres import (
    CentreDraft,
    CostCentreKind,
    assign,
    cost_centres,
    save_cost_centre,
)
from fscdesk.services.accounting.journal import ManualLeg
from fscdesk.services.accounting.kept_accounts import KEPT
from fscdesk.services.banking.accounts import (
    BankAccountDraft,
    BankAccountKind,
    bank_accounts,
    save_bank_account,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger import accounts
from fscdesk.services.office import Office
from fscdesk.services.reports.chart_tree import chart_of
from tests.books.accounting.test_journal import entry, posted
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.people import add_provider
from tests.support.second_person import second_person

PARKING = AccountDraft("7010", "Parking", AccountType.EXPENSE, parent="7000")
MAIN = CentreDraft("main", "Main Street")


def rows(books: Office) -> dict[str, AccountRow]:
    return {one.code: one for one in books.read(chart)}


def change(books: Office, code: str, **facts: object) -> None:
    row = rows(books)[code]
    draft = AccountDraft(code, row.name, row.type, row.parent, row.flow, row.active, row.note)
    changed = replace(draft, **facts)  # type: ignore[arg-type]
    books.write(lambda work: change_account(work, code, changed, expected_version=row.version))


def test_the_template_is_there_with_what_the_program_uses(books: Office) -> None:
    found = rows(books)
    assert len(found) == 42
    used = {value for name, value in vars(accounts).items() if name.isupper() and len(value) == 4}
    assert {code for code in used if isinstance(code, str)} - {"3000"} <= {
        code for code, one in found.items() if one.system
    }
    assert {code for code, one in found.items() if one.keeps} == set(KEPT)
    assert found["1400"].flow is CashFlow.INVESTING


def test_a_sub_account_stands_below_its_account(books: Office) -> None:
    books.write(lambda work: add_account(work, PARKING))
    codes = [one.code for one in books.read(chart)]
    assert codes[codes.index("7000") + 1] == "7010"
    assert rows(books)["7010"].depth == 1
    posted(books, entry())
    assert (str(rows(books)["7000"].balance), rows(books)["7000"].used) == ("1,200.00", True)
    change(books, "7010", name="Parking lot", note="Level 2")
    assert (rows(books)["7010"].name, rows(books)["7010"].note) == ("Parking lot", "Level 2")
    verify(books)


def test_a_bank_account_stands_beside_another_one(books: Office) -> None:
    made = books.write(
        lambda work: save_bank_account(work, BankAccountDraft("Savings", BankAccountKind.SAVINGS))
    ).value
    code = next(one.account for one in books.read(bank_accounts) if one.id == made)
    assert (rows(books)[code].parent, rows(books)[code].depth) == ("1000", 0)
    depths = {one.code: one.depth for one in books.read(chart_of)}
    assert (depths["1000"], depths[code]) == (0, 0)
    below = AccountDraft("1005", "Cash box of the bank", rows(books)["1000"].type, "1000")
    books.write(lambda work: add_account(work, below))
    assert rows(books)["1005"].depth == 1, "no bank account of its own"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(PARKING, code="70"), "cannot be the number"),
        (replace(PARKING, code="7O1O"), "cannot be the number"),
        (replace(PARKING, code="7000"), "7000 is Rent"),
        (replace(PARKING, name=" "), "The name is missing"),
        (replace(PARKING, parent="7999"), "There is no account 7999"),
        (replace(PARKING, parent="1000"), "is of another type"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    sqlite_books: Office, wrong: AccountDraft, words: str
) -> None:
    with pytest.raises(Problem, match=words) as refused:
        sqlite_books.write(lambda work: add_account(work, wrong))
    assert refused.value.hint.startswith("Nothing was saved.")


def test_what_the_program_uses_stays(books: Office) -> None:
    with pytest.raises(Problem, match="used by the program"):
        change(books, "1100", active=False)
    with pytest.raises(Problem, match="used by the program"):
        change(books, "4010", type=AccountType.EXPENSE)
    with pytest.raises(Problem, match="used by the program"):
        books.write(lambda work: remove_account(work, "9000", expected_version=1))
    change(books, "4010", name="Therapy revenue")
    change(books, "1000", flow=None)
    assert (rows(books)["4010"].name, rows(books)["1000"].flow) == (
        "Therapy revenue",
        CashFlow.CASH,
    )


def test_what_has_entries_leaves_use_and_not_the_chart(books: Office) -> None:
    posted(books, entry())
    with pytest.raises(Problem, match="7000 Rent has entries"):
        books.write(lambda work: remove_account(work, "7000", expected_version=1))
    with pytest.raises(Problem, match="7000 Rent has entries"):
        change(books, "7000", type=AccountType.INCOME)
    change(books, "7000", active=False)
    assert not rows(books)["7000"].active
    books.write(lambda work: remove_account(work, "8100", expected_version=1))
    assert "8100" not in rows(books)
    with pytest.raises(Problem, match="There is no account 8100"):
        books.write(lambda work: remove_account(work, "8100", expected_version=1))


def test_sub_accounts_go_first_and_never_in_a_ring(books: Office) -> None:
    books.write(lambda work: add_account(work, PARKING))
    with pytest.raises(Problem, match="7000 Rent has sub-accounts"):
        books.write(lambda work: remove_account(work, "7000", expected_version=1))
    with pytest.raises(Problem, match="cannot lie under itself"):
        change(books, "7000", parent="7010")
    with pytest.raises(Problem, match="cannot lie under itself"):
        change(books, "7000", parent="7000")


def test_an_account_that_holds_something_stays_in_use(books: Office) -> None:
    posted(books, entry(ManualLeg("1020", 100), ManualLeg("1000", -100)))
    with pytest.raises(Problem, match=r"1020 Petty cash holds 1\.00"):
        change(books, "1020", active=False)


def test_who_saw_an_older_version_is_told(books: Office) -> None:
    change(books, "7000", name="Rent of rooms")
    draft = AccountDraft("7000", "Rents", AccountType.EXPENSE)
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: change_account(work, "7000", draft, expected_version=1))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: remove_account(work, "7000", expected_version=1))


def test_cost_centres_are_kept_and_a_clinician_belongs_to_one(books: Office) -> None:
    books.write(lambda work: save_cost_centre(work, MAIN))
    books.write(
        lambda work: save_cost_centre(
            work, CentreDraft("KIDS", "Children", CostCentreKind.SUPPORT, parent="main")
        )
    )
    provider = books.write(lambda work: add_provider(work, "Mockley O'Sample", "1234567893")).value

    def seen() -> int:
        return books.read(lambda work: work.db.get_one(Provider, provider).version)

    version = seen()
    books.write(lambda work: assign(work, provider, "MAIN", None, expected_version=version))
    found = books.read(cost_centres)
    assert [(one.code, one.parent, one.providers) for one in found] == [
        ("KIDS", "MAIN", 0),
        ("MAIN", None, 1),
    ]
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: assign(work, provider, None, None, expected_version=version))
    with pytest.raises(Problem, match="MAIN cannot lie under itself"):
        books.write(
            lambda work: save_cost_centre(work, replace(MAIN, parent="KIDS"), expected_version=1)
        )
    books.write(
        lambda work: save_cost_centre(work, replace(MAIN, active=False), expected_version=1)
    )
    assert [
        one.code for one in books.read(lambda work: cost_centres(work, also_inactive=False))
    ] == ["KIDS"]
    now = seen()
    with pytest.raises(Problem, match="MAIN is no cost centre in use"):
        books.write(lambda work: assign(work, provider, "MAIN", None, expected_version=now))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(MAIN, name="Other"), "There is a cost centre MAIN already"),
        (replace(MAIN, code="B", name="main street"), "Cost centre MAIN is called"),
        (replace(MAIN, code="A B"), "cannot be the code"),
        (replace(MAIN, code="B", name="B", parent="Z"), "There is no cost centre Z"),
    ],
)
def test_a_centre_that_cannot_be_is_refused(
    sqlite_books: Office, wrong: CentreDraft, words: str
) -> None:
    sqlite_books.write(lambda work: save_cost_centre(work, MAIN))
    with pytest.raises(Problem, match=words):
        sqlite_books.write(lambda work: save_cost_centre(work, wrong))


def test_it_takes_the_right(books: Office) -> None:
    clerk = second_person(books, Role.BILLING_CLERK)
    for act in (
        lambda work: add_account(work, PARKING),
        lambda work: change_account(work, "7000", PARKING, expected_version=1),
        lambda work: remove_account(work, "7000", expected_version=1),
        lambda work: save_cost_centre(work, MAIN),
        lambda work: assign(work, 1, None, None, expected_version=1),
    ):
        with pytest.raises(Problem, match="You may not"):
            clerk.write(act)


def test_a_fault_anywhere_leaves_nothing(books: Office) -> None:
    assert_all_or_nothing(books, lambda work: add_account(work, PARKING))
    moved = replace(PARKING, name="Garage", parent=None)
    assert_all_or_nothing(
        books, lambda work: change_account(work, "7010", moved, expected_version=1)
    )
    assert_all_or_nothing(books, lambda work: remove_account(work, "7010", expected_version=2))
    assert_all_or_nothing(books, lambda work: save_cost_centre(work, MAIN))
    assert books.read(lambda work: work.db.get(Account, "7010")) is None


def test_accounts_are_found_by_number_and_by_name(books: Office) -> None:
    def codes(typed: str) -> list[str]:
        return [one.code for one in books.read(lambda work: accounts_like(work, typed))]

    assert codes("7000")[0] == "7000"
    assert codes("rent")[0] == "7000"
    assert codes("10")[0] == "1000"
    assert codes("nothing like it") == []
    kept = books.read(lambda work: accounts_like(work, "1100"))
    assert kept[0].code == "1100"
    assert kept[0].keeps
    assert len(codes("")) == 8


def test_a_closed_account_is_named_but_not_offered(books: Office) -> None:
    draft = AccountDraft("7000-01", "Cleaning", AccountType.EXPENSE, "7000")
    books.write(lambda work: add_account(work, draft))
    shut = replace(draft, active=False)
    version = next(row.version for row in books.read(chart) if row.code == "7000-01")
    books.write(lambda work: change_account(work, "7000-01", shut, expected_version=version))
    assert books.read(lambda work: named_account(work, "7000-01")).name == "Cleaning"
    assert books.read(lambda work: accounts_like(work, "cleaning")) == ()
    with pytest.raises(Problem, match="There is no account 9999"):
        books.read(lambda work: named_account(work, "9999"))
