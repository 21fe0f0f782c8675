"""Bank accounts in Setup, and bank files that are mapped once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fscdesk.models.values import Money
from fscdesk.services.banking.accounts import BankAccountView, bank_accounts
from fscdesk.services.banking.layout_keeping import kept_layouts
from fscdesk.services.banking.statements import plan_statement
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.setup.bank_layout_pages import LayoutsPage
from fscdesk.ui.screens.setup.bank_mapping import MappingPart
from fscdesk.ui.tables.list_and_form import ListAndForm
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.setup import SetupRobot

FILE = """Transaction Day;Payee;Paid out;Paid in;Balance
25/03/2026;FICTA HCCLAIMPMT;;1,234.56;2,234.56
31/03/2026;MONTHLY FEE;15.00;;2,219.56
"""
NUMBER = "000111222987654"


@pytest.fixture
def river(tmp_path: Path) -> Path:
    """A file of a bank that nobody has named the columns of."""
    path = tmp_path / "river.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def accounts(setup: SetupRobot) -> dict[str, BankAccountView]:
    found = setup.asks(lambda work: bank_accounts(work, also_inactive=True))
    return {one.name: one for one in found}


def layouts(setup: SetupRobot, river: Path) -> LayoutsPage:
    page = setup.goes("bank", "layouts")
    assert isinstance(page, LayoutsPage)
    page._ask_file = lambda _window: river
    setup.waits(lambda: page.list.list.model.known and page.list.list.model.settled)
    return page


def mapping(setup: SetupRobot, page: LayoutsPage) -> MappingPart:
    setup.presses("Ctrl+N")
    setup.waits(lambda: isinstance(page.front, MappingPart))
    comes_to(page.mapping.form.field("name").editor)
    reads(setup, page.mapping, 2)
    return page.mapping


def reads(setup: SetupRobot, part: MappingPart, count: int) -> None:
    setup.waits(lambda: part.list.model.known and part.list.model.settled)
    setup.waits(lambda: part.list.model.total == count)


def test_an_account_is_added_with_its_own_account_of_the_chart(setup: SetupRobot) -> None:
    page = setup.goes_to_list("bank", "accounts")
    assert setup.texts(page, "account") == ["1000"]
    setup.presses("Ctrl+N")
    form = page.pane.form
    setup.waits(form.field("name").editor.hasFocus)
    setup.fills(form, name="Payroll", bank="Riverbank Fictional", number=NUMBER)
    setup.fills(form, starts_on="03/01/2026", starts_with="1,250.40")
    setup.presses("Ctrl+S")
    setup.hears("Payroll is added.")
    made = accounts(setup)["Payroll"]
    assert (made.ending, made.account) == ("7654", "1001")
    assert (made.starts_on, made.starts_with) == (date(2026, 3, 1), Money(1250_40))
    setup.waits(lambda: "Payroll ···7654" in setup.texts(page, "name"))


def test_the_number_is_never_shown_again_and_stays_when_it_is_left_empty(setup: SetupRobot) -> None:
    page = setup.goes_to_list("bank", "accounts")
    (first,) = accounts(setup).values()
    setup.chooses(page, first.id)
    form = page.pane.form
    setup.fills(form, number=NUMBER)
    setup.presses("Ctrl+S")
    setup.hears("is saved.")
    setup.waits(lambda: form.field("number").draft() == "")
    shown = [field for field in form.draft().values() if "987654" in field]
    assert shown == []
    setup.fills(form, bank="Riverbank Fictional")
    setup.presses("Ctrl+S")
    setup.waits(lambda: accounts(setup)[first.name].bank == "Riverbank Fictional")
    assert accounts(setup)[first.name].ending == "7654"


def test_a_name_that_is_taken_and_a_number_too_short_are_said_at_their_fields(
    setup: SetupRobot,
) -> None:
    page = setup.goes_to_list("bank", "accounts")
    (first,) = accounts(setup).values()
    setup.presses("Ctrl+N")
    form = page.pane.form
    setup.waits(form.field("name").editor.hasFocus)
    setup.fills(form, name=first.name)
    setup.presses("Ctrl+S")
    setup.sees_fault(form.field("name"), "There is a bank account")
    setup.fills(form, name="Savings", number="12")
    setup.presses("Ctrl+S")
    setup.sees_fault(form.field("number"), "too short")
    assert list(accounts(setup)) == [first.name]


def test_a_file_is_mapped_once_and_read_from_then_on(setup: SetupRobot, river: Path) -> None:
    page = layouts(setup, river)
    part = mapping(setup, page)
    assert part.told.text() == "2 lines read."
    assert [str(one.line.amount) for one in part.list.model.loaded()] == ["1,234.56", "-15.00"]
    setup.types("Riverbank")
    setup.presses("Ctrl+S")
    setup.hears("Riverbank is saved.")
    setup.waits(lambda: page.front is page.list)
    (kept,) = setup.asks(kept_layouts)
    assert kept.name == "Riverbank"
    data = river.read_bytes()
    assert setup.asks(lambda work: plan_statement(work, "next.csv", data)).layout == "Riverbank"
    setup.waits(lambda: setup.texts(_list(page), "name") == ["Riverbank"])


def test_a_file_without_headings_shows_what_stands_in_its_columns(
    setup: SetupRobot, river: Path
) -> None:
    river.write_text("03/25/2026,FICTA,12.00,112.00\n03/31/2026,FEE,-15.00,97.00\n")
    page = layouts(setup, river)
    part = mapping(setup, page)
    assert part.known.text() == "No headings: columns are named by their place. 2 lines."
    day = part.form.field("on")
    assert isinstance(day, ChoiceField)
    assert (day.value(), day.draft()) == (0, "1: 03/25/2026")
    assert [str(one.line.amount) for one in part.list.model.loaded()] == ["12.00", "-15.00"]
    setup.types("Brook")
    setup.presses("Ctrl+S")
    setup.hears("Brook is saved. Files with these columns are read by it.")
    data = river.read_bytes()
    assert setup.asks(lambda work: plan_statement(work, "next.csv", data)).layout == "Brook"


def test_another_choice_is_read_at_once(setup: SetupRobot, river: Path) -> None:
    page = layouts(setup, river)
    part = mapping(setup, page)
    _chooses(part, "money_in", 2)
    _chooses(part, "money_out", 3)
    setup.waits(
        lambda: [str(one.line.amount) for one in part.list.model.loaded()] == ["-1,234.56", "15.00"]
    )
    assert "remark" in part.told.text()  # the running balance does not follow any more
    _chooses(part, "money_out", None)
    setup.waits(lambda: part.told.text().startswith("Say which column is the amount"))
    setup.types("Riverbank")
    setup.presses("Ctrl+S")
    setup.sees_fault(part.form.field("amount"), "one column, or two")
    assert setup.asks(kept_layouts) == ()


def test_a_day_that_cannot_be_read_so_is_said(setup: SetupRobot, river: Path) -> None:
    page = layouts(setup, river)
    part = mapping(setup, page)
    _chooses(part, "order", "month_first")
    setup.waits(lambda: part.told.text() == "0 lines read, 2 remarks.")
    assert part.fault.text().startswith("Line 2:")
    setup.presses("Esc")
    setup.waits(lambda: page.front is page.list)


def test_a_layout_is_renamed_and_removed(setup: SetupRobot, river: Path) -> None:
    page = layouts(setup, river)
    mapping(setup, page)
    setup.types("Riverbank")
    setup.presses("Ctrl+S")
    setup.hears("Riverbank is saved.")
    (kept,) = setup.asks(kept_layouts)
    setup.chooses(_list(page), kept.id)
    setup.fills(page.list.pane.form, name="Riverbank checking")
    setup.presses("Ctrl+S")
    setup.hears("Riverbank checking is saved.")
    (remove,) = page.list.pane.acts.buttons()
    assert isinstance(remove, Button)
    assert remove.words() == "Remove"
    remove.setFocus()
    comes_to(remove)
    setup.presses("Space")
    setup.hears("The layout Riverbank checking is removed.")
    assert setup.asks(kept_layouts) == ()


def test_a_file_that_is_no_table_is_refused(setup: SetupRobot, river: Path) -> None:
    river.write_text("OFXHEADER:100\n\n<OFX></OFX>", encoding="utf-8")
    page = layouts(setup, river)
    setup.presses("Ctrl+N")
    setup.hears("is an OFX file", Level.PROBLEM)
    river.unlink()
    setup.presses("Ctrl+N")
    setup.hears("cannot be opened", Level.PROBLEM)
    assert page.front is page.list


def test_setup_is_opened_on_a_file(setup: SetupRobot, river: Path) -> None:
    setup.window.open("setup", group="bank", tab="layouts", file=str(river))
    page = setup.screen.page.part
    assert isinstance(page, LayoutsPage)
    setup.waits(lambda: isinstance(page.front, MappingPart))
    assert page.mapping.heading.text() == "Columns of river.csv"


def test_every_control_has_a_name(setup: SetupRobot, river: Path) -> None:
    setup.goes_to_list("bank", "accounts")
    assert unnamed(setup.screen) == []
    mapping(setup, layouts(setup, river))
    assert unnamed(setup.screen) == []


def _chooses(part: MappingPart, name: str, value: object) -> None:
    field = part.form.field(name)
    assert isinstance(field, ChoiceField)
    field.set_value(value)


def _list(page: LayoutsPage) -> ListAndForm[Any, Any]:
    return page.list
