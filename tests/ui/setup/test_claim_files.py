"""Setup, Claim files: the outbox is one line with a chooser, and gets what waited for it."""

from __future__ import annotations

from pathlib import Path

from fscdesk.services.claims.policies import OUTBOX
from fscdesk.services.setup.settings import setting
from fscdesk.ui.forms.folder_field import FolderField
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.setup.files_page import ClaimFilesPage
from fscdesk.ui.screens.setup.policies_page import PoliciesPage
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.setup import SetupRobot
from tests.support.sent_claims import send, some_claims, with_clearinghouse


def _files(setup: SetupRobot) -> tuple[ClaimFilesPage, FolderField]:
    """The page, opened at the outbox, as the button of a message opens it."""
    setup.window.open("setup", group="files", field=OUTBOX)
    page = setup.screen.page.part
    assert isinstance(page, ClaimFilesPage)
    setup.waits(lambda: page._seen != {})
    field = page.form.field(OUTBOX)
    assert isinstance(field, FolderField)
    comes_to(field.edit)
    return page, field


def test_a_new_outbox_gets_the_files_that_waited_for_one(setup: SetupRobot, tmp_path: Path) -> None:
    some_claims(setup.office, with_clearinghouse(setup.office), 2)
    send(setup.office)
    folder = tmp_path / "out"
    folder.mkdir()
    _page, _field = _files(setup)
    setup.types(str(folder))
    setup.presses("Ctrl+S")
    setup.hears("Outbox: saved. 1 file that waited is in it now.")
    assert setup.asks(lambda work: setting(work, OUTBOX)) == str(folder)
    assert len(list(folder.iterdir())) == 1


def test_a_folder_that_is_not_there_is_told_in_the_warning_tone(
    setup: SetupRobot, tmp_path: Path
) -> None:
    some_claims(setup.office, with_clearinghouse(setup.office), 2)
    send(setup.office)
    _files(setup)
    setup.types(str(tmp_path / "nowhere"))
    setup.presses("Ctrl+S")
    setup.hears("Outbox: saved. ", Level.WARNING)


def test_the_folder_is_chosen_by_key(setup: SetupRobot, tmp_path: Path) -> None:
    page, field = _files(setup)
    field.ask = lambda _window, _title: tmp_path
    setup.presses("Tab")
    comes_to(field.choose)
    setup.presses("Space")
    assert field.value() == str(tmp_path)
    comes_to(field.edit)
    assert unnamed(page) == []


def test_the_files_have_left_the_policies(setup: SetupRobot) -> None:
    page = setup.goes("policies")
    assert isinstance(page, PoliciesPage)
    assert OUTBOX not in page.catalogue
    assert setup.goes("files") is not page
