"""Previewing, making, printing and saving: each page holds its own account alone."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from fscdesk.models.statement import Statement
from fscdesk.services.billing.statement_files import print_file_of
from fscdesk.services.billing.statements import made_statements
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.actions import clashes
from fscdesk.ui.screens.statements.pane_pages import PageImage
from fscdesk.ui.text import Label
from tests.support.accounts import a_draft, add_cast, record
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.pdf import page_texts
from tests.support.robots.statements import StatementsRobot
from tests.ui.statements.conftest import ACCOUNTS, ENVELOPES


def holds_only(page: str, name: str) -> bool:
    return name in page and not any(other in page for other, *_rest in ACCOUNTS if other != name)


def another_charge(books: Office, accounts: dict[str, list[int]], name: str) -> None:
    """Somebody else posts a charge, and this window has not heard of it."""

    def act(work: Work) -> None:
        whose, patient = accounts[name]
        draft = a_draft(add_cast(work), whose, patient, date(2026, 3, 11), share=1_000, minute=900)
        record(work, draft, paid_on=date(2026, 3, 20))

    books.write(act)


def make(robot: StatementsRobot) -> None:
    robot.does("Ctrl+Return")
    assert robot.screen.page() == "run"
    comes_to(robot.screen.run.print_button)
    robot.screen.focus()


def test_enter_previews_the_account_alone(statements: StatementsRobot) -> None:
    for name in ENVELOPES:
        statements.goes_to(name)
        statements.presses("Return")
        pages = page_texts(statements.looks_at_pages())
        assert len(pages) == 1
        assert holds_only(pages[0], name)
        assert "Preview" in pages[0]


def test_the_pane_shows_the_page_and_its_lines(statements: StatementsRobot) -> None:
    statements.goes_to("José Ficción")
    pane = statements.screen.plan.list.pane
    assert pane is not None
    statements.waits(
        lambda: (
            pane.name.text() == "José Ficción"
            and all(image.drawn for image in pane.findChildren(PageImage))
        )
    )
    assert len(pane.findChildren(PageImage)) == 1
    statements.presses("F4")
    assert not pane.isVisible()
    statements.presses("F4")
    pane.tabs.setFocus()
    statements.presses("Right")
    words = [label.text() for label in pane.findChildren(Label)]
    assert "Amount due" in words
    assert "123.45" in words


def test_nothing_is_kept_until_it_is_made(
    statements: StatementsRobot, sqlite_books: Office
) -> None:
    statements.goes_to("Quill Fakerson")
    statements.presses("Return")
    statements.looks_at_pages()
    assert sqlite_books.read(lambda work: work.db.scalars(select(Statement.id)).all()) == []
    make(statements)
    assert len(sqlite_books.read(lambda work: work.db.scalars(select(Statement.id)).all())) == 5


def test_making_says_what_was_made_and_leads_to_the_printer(
    statements: StatementsRobot, tmp_path: Path
) -> None:
    make(statements)
    said = statements.newest()
    assert said.text == "5 statements are made and kept as run 1, 268.45 in all."
    assert said.undo is None
    assert statements.names() == ENVELOPES
    assert statements.column("envelope") == [f"ST-2026-{at:05d}" for at in range(1, 6)]
    assert statements.button() == "Print…"
    statements.presses("Ctrl+Return")
    pages = page_texts(statements.looks_at_pages())
    assert len(pages) == len(ENVELOPES)
    for page, name in zip(pages, ENVELOPES, strict=True):
        assert holds_only(page, name)


def test_a_printer_that_uses_both_sides_gets_blank_backs(statements: StatementsRobot) -> None:
    make(statements)
    statements.screen.run.two_sided.setFocus()
    statements.presses("Space")
    statements.presses("Ctrl+Return")
    pages = page_texts(statements.looks_at_pages())
    assert [bool(page.strip()) for page in pages] == [True, False] * 5


def test_one_page_of_the_run_is_looked_at_as_it_is_kept(
    statements: StatementsRobot, sqlite_books: Office
) -> None:
    make(statements)
    statements.goes_to("José Ficción")
    statements.presses("Return")
    seen = statements.looks_at_pages()
    kept = sqlite_books.read(
        lambda work: work.db.scalar(
            select(Statement.pdf).where(Statement.number == "ST-2026-00003")
        )
    )
    assert seen == kept


def test_a_run_prints_again_next_month_exactly_as_it_was(
    statements: StatementsRobot, sqlite_books: Office, accounts: dict[str, list[int]]
) -> None:
    make(statements)
    statements.presses("Ctrl+P")
    first = statements.looks_at_pages()
    another_charge(sqlite_books, accounts, "Quill Fakerson")
    statements.does("Escape")
    assert statements.screen.page() == "plan"
    statements.screen.past.setFocus()
    statements.does("Space")
    assert statements.column("run") == ["Run 1"]
    statements.does("Home", "Return")
    assert statements.screen.page() == "run"
    assert statements.names() == ENVELOPES
    statements.presses("Ctrl+Return")
    assert statements.looks_at_pages() == first
    kept = sqlite_books.read(lambda work: print_file_of(work, made_statements(work, 1)))
    assert first == kept
    statements.does("Escape")
    assert statements.screen.page() == "runs"


def test_after_a_run_those_it_had_are_left_out_and_those_held_back_are_not(
    statements: StatementsRobot,
) -> None:
    statements.goes_to("Quill Fakerson")
    statements.does("Ctrl+Shift+H")
    make(statements)
    statements.does("Escape")
    assert statements.names() == ["Quill Fakerson"]
    statements.screen.plan.tiles.tiles["left"].click()
    statements.rests()
    assert statements.tabs()["stated"] == 4


def test_when_the_books_moved_the_new_list_is_shown_and_nothing_is_made(
    statements: StatementsRobot, sqlite_books: Office, accounts: dict[str, list[int]]
) -> None:
    another_charge(sqlite_books, accounts, "Quill Fakerson")
    statements.does("Ctrl+Return")
    assert statements.screen.page() == "plan"
    said = statements.newest()
    assert said.text == "The books changed after this list was made."
    assert said.hint.startswith("No statement was made.")
    assert statements.sums()["print"] == (5, "278.45")
    assert sqlite_books.read(lambda work: work.db.scalars(select(Statement.id)).all()) == []
    make(statements)
    assert statements.newest().text.endswith("278.45 in all.")


def test_files_go_to_a_folder_with_the_proof_list(
    statements: StatementsRobot, tmp_path: Path
) -> None:
    make(statements)
    statements.folders.folder = tmp_path / "April"
    statements.folders.folder.mkdir()
    statements.screen.run.save_button.setFocus()
    statements.does("Space")
    assert statements.newest().text == (
        "5 statements are saved in April, with the print file and the proof list."
    )
    names = sorted(path.name for path in statements.folders.folder.iterdir())
    assert names[:5] == [f"ST-2026-{at:05d}.pdf" for at in range(1, 6)]
    with (statements.folders.folder / names[5]).open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.reader(file))
    assert [row[4] for row in listed[1:] if row[2] == "Newton Notyet"] == [
        "Mail to this address came back"
    ]
    assert len(listed) == 1 + len(ACCOUNTS)


def test_a_folder_that_is_gone_is_refused_in_words(
    statements: StatementsRobot, tmp_path: Path
) -> None:
    make(statements)
    statements.folders.folder = tmp_path / "nowhere"
    statements.screen.run.save_button.setFocus()
    statements.does("Space")
    assert "does not exist" in statements.newest().text


# For everyone


def test_every_control_has_a_name_and_no_key_clashes(statements: StatementsRobot) -> None:
    screen, window = statements.screen, statements.window
    assert unnamed(screen) == []
    assert clashes(window, screen) == []
    statements.goes_to("Quill Fakerson")
    make(statements)
    assert unnamed(screen) == []
    assert clashes(window, screen) == []
    screen.show_page("runs")
    statements.rests()
    assert unnamed(screen) == []


def test_f6_goes_through_the_parts(statements: StatementsRobot) -> None:
    seen = []
    for _ in range(7):
        statements.presses("F6")
        seen.append(statements.target())
    plan = statements.screen.plan
    assert plan.day.edit in seen
    assert plan.list.view in seen
    assert any(plan.tiles.isAncestorOf(one) for one in seen)
    assert any(plan.foot.isAncestorOf(one) for one in seen)


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_the_window(
    statements: StatementsRobot,
    qapp: QApplication,
    scheme: theme.Scheme,
    size: tuple[int, int],
) -> None:
    theme.apply(qapp, scheme, 100)
    window = statements.window
    window.resize(*size)
    make(statements)
    for page in ("run", "runs", "plan"):
        statements.screen.show_page(page)
        statements.rests()
        assert (window.width(), window.height()) == size
    plan = statements.screen.plan
    corner = plan.foot.keycap.mapTo(window, QPoint(plan.foot.keycap.width(), 0))
    assert corner.x() <= window.width()
