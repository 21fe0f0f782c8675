"""Setup: groups at the left, one page at the right; nothing here changes what was posted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.setup.claim_settings import FILES
from fscdesk.ui.actions import action
from fscdesk.ui.forms.card import Line, TitleLine
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.setup.agency_pages import agencies_page
from fscdesk.ui.screens.setup.bank_account_pages import bank_accounts_page
from fscdesk.ui.screens.setup.bank_layout_pages import LayoutsPage
from fscdesk.ui.screens.setup.check_pages import checks_page
from fscdesk.ui.screens.setup.clinician_pages import clinician_spellings_page, clinicians_page
from fscdesk.ui.screens.setup.fee_pages import FeesPage, schedules_page
from fscdesk.ui.screens.setup.files_page import ClaimFilesPage
from fscdesk.ui.screens.setup.groups import Group, GroupList
from fscdesk.ui.screens.setup.payer_pages import PortalsPage, payer_spellings_page, payers_page
from fscdesk.ui.screens.setup.people_pages import rights_page, staff_page
from fscdesk.ui.screens.setup.policies_page import PoliciesPage
from fscdesk.ui.screens.setup.practice_pages import locations_page, practice_page
from fscdesk.ui.screens.setup.remittance_rule_pages import RemittanceRulesPage
from fscdesk.ui.screens.setup.rule_pages import RulesPage
from fscdesk.ui.screens.setup.service_pages import services_page
from fscdesk.ui.screens.setup.supervision_pages import SupervisionsPage
from fscdesk.ui.screens.setup.workstation_page import WorkstationPage
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts

GROUPS = (
    Group("practice", "Practice", "building-2"),
    Group("people", "People", "users"),
    Group("payers", "Payers and portals", "landmark"),
    Group("services", "Services and fees", "list-checks"),
    Group("rules", "Rules", "shield-check"),
    Group("files", "Claim files", "send"),
    Group("bank", "Bank accounts", "banknote"),
    Group("policies", "Policies", "scale"),
    Group("workstation", "This workstation", "settings"),
)


class SetupScreen(Screen):
    """Opened on `group`, `tab` and `field` (the key of a setting), or as it was left.

    `file` is a bank's file to map, in the tab of bank files.
    Up and Down in the groups go through them.
    """

    title = "Setup"

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._today = OfficeDay(shell.practice.zone)
        self._field = ""
        self._makers = self._tabs()
        self._pages: dict[str, TabbedParts] = {}
        self.groups = GroupList(GROUPS)
        self.groups.chosen.connect(self.open_group)
        self.head = TitleLine(self.title)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(Line())
        across = QHBoxLayout()
        across.setSpacing(0)
        for part in (self.groups, Line(upright=True)):
            across.addWidget(part)
        across.addWidget(self._stack, 1)
        column.addLayout(across, 1)
        self._save = action(self, "Save", self.save)
        self._save.setVisible(False)
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._on_focus)
        self.open_group(GROUPS[0].key)

    @property
    def page(self) -> TabbedParts:
        """The group in front."""
        return self._pages[self._group]

    def open_group(self, key: str) -> None:
        """Bring a group to the front. Raises KeyError for an unknown one."""
        page = self._pages.get(key)
        if page is None:
            word = next(group.word for group in GROUPS if group.key == key)
            page = self._pages[key] = TabbedParts(word, self._makers[key])
            page.open(page.current)
            self._stack.addWidget(page)
        self._group = key
        self._stack.setCurrentWidget(page)
        self.groups.mark(key)
        self.head.note.setText(next(group.word for group in GROUPS if group.key == key))

    # What the window asks

    def primary(self) -> QAction | None:
        return self._save if self.page.can_save() else None

    def new(self) -> None:
        """Begin a record of the list in front (Ctrl+N)."""
        if self.page.new_verb():
            self.page.new()
        else:
            self.shell.messages.info("Nothing new can be begun on this page.")

    def refresh(self) -> None:
        """Look again (F5)."""
        self.page.refresh()

    def find_(self) -> None:
        """Find in the list in front (Ctrl+F)."""
        self.page.find_()

    def export(self) -> None:
        """Export the list in front (Ctrl+Shift+E)."""
        self.page.export()

    def save(self) -> None:
        """Save the form in front (Ctrl+S)."""
        self.page.save()

    def escape(self) -> bool:
        return self.page.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.groups, *self.page.panes())

    def here(self) -> Mapping[str, object]:
        return {"group": self._group, "tab": self.page.current}

    def on_shown(self, **what: object) -> None:
        """Show a group and its tab, or what was left."""
        self._today.learn(self.shell.desk, self)
        group, tab, field = what.get("group"), what.get("tab"), what.get("field")
        self._field = field if isinstance(field, str) else ""
        if isinstance(group, str) and group in self._makers:
            self.open_group(group)
        if isinstance(tab, str) and tab in self.page.tabs.keys:
            self.page.open(tab)
        page, file = self.page.part, what.get("file")
        if isinstance(page, LayoutsPage):
            page.after = self.shell.back if what.get("returns") else None
            if isinstance(file, str):
                page.map_file(Path(file))
        self._focus_soon.start()

    # Building

    def _tabs(self) -> dict[str, tuple[PartTab, ...]]:
        shell, keeping = self.shell, keeping_in_books()

        def tab(key: str, word: str, make: Callable[..., object], *more: object) -> PartTab:
            made: Callable[[], object] = partial(make, shell, keeping, *more)
            return PartTab(key, word, made)  # type: ignore[arg-type]

        return {
            "practice": (
                tab("practice", "Practice", practice_page),
                tab("locations", "Locations", locations_page),
            ),
            "people": (
                tab("staff", "Staff", staff_page),
                tab("clinicians", "Clinicians", clinicians_page),
                tab("names", "Clinicians' names in files", clinician_spellings_page),
                tab("rights", "Rights", rights_page),
            ),
            "payers": (
                tab("payers", "Payers", payers_page),
                tab("portals", "Portals", PortalsPage),
                tab("names", "Names in files", payer_spellings_page),
            ),
            "services": (
                tab("services", "Services", services_page),
                tab("schedules", "Fee schedules", schedules_page, self._today),
                tab("fees", "Fees", FeesPage),
            ),
            "rules": (
                tab("rules", "Claim rules", RulesPage, self._today),
                tab("checks", "Checks", checks_page),
                tab("remittances", "Remittance rules", RemittanceRulesPage),
                tab("supervision", "Supervision", SupervisionsPage, self._today),
            ),
            "files": (PartTab("files", "Claim files", partial(ClaimFilesPage, shell)),),
            "bank": (
                tab("accounts", "Bank accounts", bank_accounts_page, self._today),
                tab("layouts", "Bank files", LayoutsPage),
            ),
            "policies": (
                PartTab("policies", "Policies", partial(PoliciesPage, shell, without=(FILES,))),
                tab("agencies", "Collection agencies", agencies_page),
            ),
            "workstation": (PartTab("workstation", "Look", partial(WorkstationPage, shell)),),
        }

    def _on_focus(self) -> None:
        if not self.isVisible():
            return
        part = self.page.part
        if self._field and isinstance(part, PoliciesPage):
            part.enter_field(self._field)
        else:
            self.page.enter()
        self._field = ""
