"""The tabs of a list and what may be done with them: save, rename, share, delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget

from fscdesk.services.paging import Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.tables.delegates import FIRST_PAD
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping, KeptView
from fscdesk.ui.tables.popup import Popup
from fscdesk.ui.tables.spec import ListSpec
from fscdesk.ui.tables.view_tabs import TabFace, ViewTabs
from fscdesk.ui.text import Label
from fscdesk.ui.undo import Undo


@dataclass(frozen=True)
class OpenView:
    """The view that is open: built in, or one that somebody saved."""

    key: str
    name: str
    filters: FilterState
    sort: str = ""
    descending: bool = False
    good_news: str = ""
    kept: KeptView | None = None


class SavedViews(QWidget):
    """The line of tabs with "Save view" at its end, shown when the view was changed."""

    chosen = Signal(object)
    """OpenView: a tab was opened."""
    said = Signal(str, object)
    """A sentence, and the Undo of what was done."""
    refused = Signal(object)

    def __init__(
        self,
        desk: Desk,
        spec: ListSpec[Any],
        keeping: Keeping,
        state: Callable[[], tuple[FilterState, str, bool]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._spec, self._keeping, self._state = desk, spec, keeping, state
        self._kept: dict[str, KeptView] = {}
        self.tabs = ViewTabs("Views")
        self.save = Button("Save view", "bookmark", "quiet", compact=True, on=self._on_save)
        self.save.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(FIRST_PAD, 0, 16, 0)
        line.setSpacing(16)
        line.addWidget(self.tabs, 1)
        line.addWidget(self.save)
        self.tabs.chosen.connect(lambda key: self.chosen.emit(self.view(key)))
        self.tabs.menu_wanted.connect(self._on_menu)
        self._show()

    @property
    def current(self) -> OpenView:
        """The open view."""
        return self.view(self.tabs.current)

    def view(self, key: str) -> OpenView:
        """Return a view by its key; the first one if it is gone."""
        kept = self._kept.get(key)
        if kept is not None:
            filters = FilterState.from_json(kept.filters)
            return OpenView(key, kept.name, filters, kept.sort, kept.descending, kept=kept)
        views = self._spec.views
        built = next((view for view in views if view.key == key), views[0])
        return OpenView(
            built.key, built.name, built.filters, built.sort, built.descending, built.good_news
        )

    def load(self) -> None:
        """Read what people saved, then the counts."""
        self._desk.ask(
            self,
            lambda work: self._keeping.views(work, self._spec.key),
            self._loaded,
            self.refused.emit,
        )

    def count(self) -> None:
        """Ask how many rows each view has; the tabs show "…" until the first answer."""
        filters = {key: self.view(key).filters for key in self.tabs.keys}
        silent = {view.key for view in self._spec.views if not view.counted}
        filters = {key: state for key, state in filters.items() if key not in silent}
        unknown = {key: None for key in filters if self.tabs.count(key) is None}
        if unknown:
            self.tabs.show_counts(unknown)
        self._desk.ask(
            self, lambda work: self._counts(work, filters), self.tabs.show_counts, self.refused.emit
        )

    def judge(self) -> None:
        """Show "Save view" when what is shown is not what the view says."""
        view = self.current
        filters, sort, descending = self._state()
        asked = (filters, sort, descending)
        first = (self._spec.first_sort, self._spec.descending)
        said = (view.filters, *((view.sort, view.descending) if view.sort else first))
        self.save.setVisible(asked != said)

    def open(self, key: str) -> None:
        """Open a view by its key and tell."""
        self.tabs.set_current(key)
        self.chosen.emit(self.view(key))

    def _counts(self, work: Work, filters: Mapping[str, FilterState]) -> Mapping[str, int]:
        if self._spec.view_counts is not None:
            return self._spec.view_counts(work, filters)
        nothing = Span(0, 0, self._spec.first_sort)
        return {key: self._spec.query(work, state, nothing).total for key, state in filters.items()}

    def _loaded(self, kept: Sequence[KeptView]) -> None:
        self._kept = {view.key: view for view in kept}
        self._show()
        self.count()
        self.judge()

    def _show(self) -> None:
        built = [TabFace(view.key, view.name) for view in self._spec.views]
        saved = [
            TabFace(view.key, view.name, "users" if view.shared else "")
            for view in self._kept.values()
        ]
        self.tabs.show_tabs([*built, *saved])

    def _on_save(self) -> None:
        kept = self.current.kept
        if kept is None or not kept.mine:
            self._ask_new()
            return
        menu = self._menu()
        self._entry(menu, f"Save changes to “{kept.name}”", self._keep_changes)
        self._entry(
            menu, "Save as a new view…", lambda: self._ask_name("Save as", "", self._keep_as_new)
        )
        menu.popup(self.save.mapToGlobal(QPoint(0, self.save.height())))

    def _on_menu(self, key: str, at: QPoint) -> None:
        menu = self._menu()
        self._entry(menu, "Open", lambda: self.open(key))
        kept = self._kept.get(key)
        if kept is not None and kept.mine:
            self._entry(
                menu,
                "Rename…",
                lambda: self._ask_name("Rename", kept.name, partial(self._rename, kept)),
            )
            word = "Keep to myself" if kept.shared else "Share with the office"
            self._entry(menu, word, lambda: self._store(replace(kept, shared=not kept.shared)))
            menu.addSeparator()
            self._entry(menu, f"Delete “{kept.name}”", lambda: self._delete(kept))
        else:
            reason = "Built in: it stays." if kept is None else "Only who saved it can change it."
            entry = self._entry(menu, "Delete", lambda: None)
            entry.setEnabled(False)
            entry.setToolTip(reason)
            menu.setToolTipsVisible(True)
        menu.popup(at)

    def _keep_as_new(self, name: str) -> None:
        filters, sort, descending = self._state()
        self._store(KeptView("", name, filters.to_json(), sort, descending))

    def _keep_changes(self) -> None:
        kept = self.current.kept
        if kept is not None:
            filters, sort, descending = self._state()
            self._store(replace(kept, filters=filters.to_json(), sort=sort, descending=descending))

    def _rename(self, kept: KeptView, name: str) -> None:
        self._store(replace(kept, name=name))

    def _store(self, view: KeptView) -> None:
        self._desk.act(
            self,
            lambda work: self._keeping.save_view(work, self._spec.key, view),
            self._stored,
            self.refused.emit,
        )

    def _stored(self, view: KeptView) -> None:
        new = view.key not in self._kept
        self._kept[view.key] = view
        self._show()
        if new:
            self.tabs.set_current(view.key)
            self.chosen.emit(self.view(view.key))
        self.count()
        self.judge()

    def _delete(self, view: KeptView) -> None:
        self._desk.act(
            self,
            lambda work: self._keeping.delete_view(work, self._spec.key, view.key),
            lambda _none: self._deleted(view),
            self.refused.emit,
        )

    def _deleted(self, view: KeptView) -> None:
        was_open = self.tabs.current == view.key
        self._kept.pop(view.key, None)
        self._show()
        if was_open:
            self.chosen.emit(self.current)
        self.judge()
        sentence = f"The view “{view.name}” is deleted."
        self.said.emit(sentence, Undo(sentence, partial(self._bring_back, view)))

    def _bring_back(self, view: KeptView, work: Work) -> str:
        self._keeping.save_view(work, self._spec.key, replace(view, key=""))
        work.touch(Topic.VIEWS)
        return f"The view “{view.name}” is back."

    def _ask_new(self) -> None:
        self._ask_name("Save as", "", self._keep_as_new)

    def _ask_name(self, title: str, name: str, then: Callable[[str], None]) -> None:
        popup = NamePopup(title, name, self)
        popup.named.connect(then)
        anchor = self.save if not self.save.isHidden() else self.tabs
        popup.open_under(anchor, right=anchor is self.save)

    def _menu(self) -> QMenu:
        return QMenu(self)

    def _entry(self, menu: QMenu, word: str, act: Callable[[], object]) -> QAction:
        entry = QAction(word.replace("&", "&&"), menu)
        entry.triggered.connect(lambda _checked=False: act())
        menu.addAction(entry)
        return entry


class NamePopup(Popup):
    """Asks for the name of a view, in place."""

    named = Signal(str)

    def __init__(self, title: str, name: str, parent: QWidget) -> None:
        super().__init__(title, parent, width=280)
        self.body.setSpacing(8)
        label = Label("Name of the view", "label")
        self.field = QLineEdit(name)
        self.field.setAccessibleName("Name of the view")
        self.field.setMaxLength(40)
        label.setBuddy(self.field)
        self.keep = Button(title, kind="primary", compact=True, on=self._on_keep)
        self.body.addWidget(label)
        self.body.addWidget(self.field)
        self.body.addWidget(self.keep)
        self.field.returnPressed.connect(self._on_keep)
        self.field.textChanged.connect(lambda _text: self._judge())
        self._judge()

    def open_under(self, anchor: QWidget, *, right: bool = False) -> None:
        super().open_under(anchor, right=right)
        self.field.setFocus()
        self.field.selectAll()

    def _judge(self) -> None:
        self.keep.off_because("" if self.field.text().strip() else "It needs a name.")

    def _on_keep(self) -> None:
        name = self.field.text().strip()
        if name:
            self.close_up()
            self.named.emit(name)
