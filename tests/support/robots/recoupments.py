"""The recoupments in the user's words, by key: mark one, go to its partner, pair; explain; undo."""

from __future__ import annotations

from collections.abc import Sequence

from fscdesk.services.remittances.recoupment_detail import ItemDetail
from fscdesk.services.remittances.recoupment_list import ItemRow
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.screens.payments.screen import RECOUPMENTS, PaymentsScreen
from fscdesk.ui.screens.remittances.recoupments_list import RecoupmentsPart
from fscdesk.ui.tables.detail_pane import DetailPane
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.story import Story, StoryPage
from tests.support.focus import comes_to
from tests.support.robots.remittances import RemittanceRobot


class RecoupmentRobot(RemittanceRobot):
    """A person who settles what payers take and give beside the claims, by keyboard."""

    @property
    def part(self) -> RecoupmentsPart:
        """The Recoupments tab, which is in front."""
        assert isinstance(self.front, PaymentsScreen)
        part = self.front.part
        assert isinstance(part, RecoupmentsPart)
        return part

    @property
    def listed(self) -> ListPart[ItemRow]:
        """Its list."""
        return self.part.list

    @property
    def pane(self) -> DetailPane:
        """Its pane."""
        assert self.listed.pane is not None
        return self.listed.pane

    @property
    def detail(self) -> ItemDetail:
        """What the pane shows, once it shows the current row as it is now."""
        row = self.listed.view.picking.current_row
        assert row is not None
        shown: list[object] = []
        self.pane.shown.connect(shown.append)
        self.pane.follow(row)
        self.waits(lambda: bool(shown) and self.pane.foot.isEnabled())
        self.pane.shown.disconnect(shown.append)
        found = self.pane._detail
        assert isinstance(found, ItemDetail)
        return found

    def opens_tab(self, view: str = "all") -> None:
        """Come to the tab, on a view of it."""
        self.window.open("payments", tab=RECOUPMENTS, view=view)
        self.rests()

    def says(self, *keys: str) -> list[tuple[str, ...]]:
        """What cells say, row by row."""
        model = self.listed.model
        self.waits(lambda: model.settled)
        return [
            tuple(str(model.index(at, model.section_of(key)).data()) for key in keys)
            for at in range(model.total)
        ]

    def numbers(self) -> list[str]:
        """The items on view, from the top."""
        return [one for (one,) in self.says("number")]

    def sees(self, *numbers: str) -> None:
        """Wait until these items are on view, whatever else there is."""
        self.waits(lambda: set(numbers) <= set(self.numbers()))

    def sees_only(self, *numbers: str) -> None:
        """Wait until exactly these items are on view, from the top."""
        self.waits(lambda: self.numbers() == list(numbers))

    def goes_to(self, number: str) -> None:
        """Move with the arrows to an item."""
        self.sees(number)
        self.listed.view.setFocus()
        comes_to(self.listed.view)
        self.does("Home")
        for _time in range(self.listed.model.total):
            row = self.listed.view.picking.current_row
            if row is not None and row.number == number:
                return
            self.does("Down")
        message = f"{number} is not in the list"
        raise AssertionError(message)

    def asks(self) -> FieldsDialog:
        """The dialog that is open; its first field has the focus."""
        found: list[FieldsDialog] = []

        def open_now() -> bool:
            found[:] = [
                one
                for one in self.part.findChildren(FieldsDialog)
                if one.isVisible() and not one.isHidden()
            ]
            return bool(found) and found[0].isActiveWindow()

        self.waits(open_now)
        return found[0]

    def answers(self) -> None:
        """Press Enter in the dialog, and wait until it is gone."""
        dialog = self.asks()
        self.presses("Return")
        self.waits(lambda: not _visible(dialog))
        self.window.activateWindow()  # offscreen has no window manager that would
        self.waits(self.window.isActiveWindow)
        self.rests()

    def story(self, tab: str) -> Story:
        """Open a tab of the pane, and put the keys on what it tells."""
        assert self.detail
        self.pane.open_tab(tab)
        page = self.pane.page(tab)
        assert isinstance(page, StoryPage)
        page.story.setFocus()
        comes_to(page.story)
        return page.story

    def steps(self) -> Sequence[str]:
        """The buttons at the pane's foot."""
        assert self.detail
        words = [getattr(one, "words", None) for one in self.pane.foot.buttons()]
        return [str(one()) for one in words if one is not None]


def _visible(dialog: FieldsDialog) -> bool:
    try:
        return dialog.isVisible()
    except RuntimeError:  # thrown away when it closed
        return False
