"""The policies of the practice: every setting with its consequence, default, and last change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.setup.settings import (
    CATALOGUE,
    SettingRow,
    change_setting,
    settings,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.forms.bound import field_value, sentence_of, set_field
from fscdesk.ui.forms.card import Scrolled
from fscdesk.ui.forms.form import Form
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.setting_fields import field_of, standing_words
from fscdesk.ui.text import count_text
from fscdesk.ui.undo import Undo

WIDEST = 720


class PoliciesPage(Part):
    """One form over settings; saving changes what differs, all of it or nothing.

    ``groups`` are shown alone, or ``without`` left out. ``noun`` is what one is called.
    """

    def __init__(
        self,
        shell: Shell,
        *,
        name: str = "Policies",
        groups: Collection[str] = (),
        without: Collection[str] = (),
        noun: tuple[str, str] = ("policy", "policies"),
    ) -> None:
        super().__init__()
        self._shell, self._name, self._noun = shell, name, noun
        self.catalogue = {
            key: what
            for key, what in CATALOGUE.items()
            if what.group not in without and (not groups or what.group in groups)
        }
        self._seen: dict[str, Any] = {}
        self._clean: dict[str, str] = {}
        self.form = Form("Save", "Cancel")
        self._build()
        self.form.saved.connect(self._on_saved)
        self.form.cancelled.connect(self._on_cancelled)
        self.form.changed.connect(self._on_typed)
        shell.desk.changed.connect(self._on_changed)
        self.refresh()

    def save(self) -> None:
        self.form.save()

    def can_save(self) -> bool:
        return True

    def refresh(self) -> None:
        self._shell.desk.ask(self, settings, self._show)

    def enter(self) -> None:
        self.enter_field(next(iter(self.catalogue)))

    def enter_field(self, key: str) -> None:
        """Put the focus into the field of one setting, and bring it into sight."""
        if key in self.catalogue:
            field = self.form.field(key)
            field.setFocus()
            self.area.ensureWidgetVisible(field)

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return bool(self._clean) and self.form.draft() != self._clean

    def _build(self) -> None:
        group = ""
        waiting: list[str] = []
        for key, what in self.catalogue.items():
            alone = what.kind in ("several", "text", "folder", "yes_no")
            if waiting and (alone or what.group != group):
                self._flush(waiting)
            if what.group != group:
                group = what.group
                self.form.heading(group)
            waiting.append(key)
            if alone or len(waiting) == 2:
                self._flush(waiting)
        self._flush(waiting)
        page = QWidget()
        across = QHBoxLayout(page)
        across.setContentsMargins(24, 4, 20, 20)
        across.addWidget(self.form, 1)
        across.addStretch(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.area = Scrolled(page, self._name)
        whole.addWidget(self.area)
        theme.changed.connect(self._fit)
        self._fit()

    def _flush(self, waiting: list[str]) -> None:
        if waiting:
            self.form.row(**{key: field_of(self.catalogue[key]) for key in waiting})
            waiting.clear()

    def _fit(self) -> None:
        self.form.setMaximumWidth(theme.now.px(WIDEST))

    def _show(self, rows: tuple[SettingRow, ...]) -> None:
        zone = self._shell.practice.zone
        kept = self.form.draft() if self.dirty else {}
        for row in rows:
            if row.what.key not in self.catalogue:
                continue
            field, key = self.form.field(row.what.key), row.what.key
            field.set_hint(f"{row.what.hint}\n{standing_words(row, zone)}")
            typed = key in kept and kept[key] != self._clean.get(key)
            if not typed or self._seen.get(key) != row.value:
                set_field(field, row.value)
            self._seen[key] = row.value
            if not typed:
                self._clean[key] = field.draft()
        self._on_typed()

    def _on_typed(self) -> None:
        self.form.result.setText("Not saved yet" if self.dirty else "")

    def _on_cancelled(self) -> None:
        for key, value in self._seen.items():
            set_field(self.form.field(key), value)
        self._clean = self.form.draft()
        self._on_typed()

    def _on_saved(self) -> None:
        draft = self.form.draft()
        wanted = {
            key: field_value(self.form.field(key))
            for key in self.catalogue
            if draft[key] != self._clean.get(key)
        }
        if not wanted:
            self._shell.messages.info("Nothing was changed, so there was nothing to save.")
            return
        seen = {key: self._seen[key] for key in wanted}
        self.form.working("Saving…")

        def done(_none: None) -> None:
            self.form.rest()
            self._clean = self.form.draft()
            self._said(_sentence(wanted, self._noun), _undo(seen, wanted, self._noun[1]), wanted)
            QTimer.singleShot(0, self, self.refresh)

        self._shell.desk.act(self, partial(_change, wanted, seen), done, self._refused)

    def _said(self, words: str, undo: Undo, wanted: Mapping[str, Any]) -> None:
        """Say that it is saved. A page whose settings bring something about says that, too."""
        del wanted
        self._shell.messages.info(words, undo=undo)

    def _refused(self, fault: BaseException) -> None:
        self.form.rest()
        if isinstance(fault, ChangedElsewhere):
            self._clean = self.form.draft()
            self.refresh()
        elif isinstance(fault, Problem):
            named = next(
                (
                    key
                    for key, what in self.catalogue.items()
                    if fault.message.startswith(what.title)
                ),
                "",
            )
            if named:
                self.form.show_faults({named: sentence_of(fault)})
                return
        self._shell.messages.refused(fault)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if Topic.SETTINGS in topics:
            self.refresh()


def _change(wanted: Mapping[str, Any], seen: Mapping[str, Any], work: Work) -> None:
    for key, value in wanted.items():
        change_setting(work, key, value, seen=seen[key])


def _sentence(wanted: Mapping[str, Any], noun: tuple[str, str]) -> str:
    if len(wanted) == 1:
        return f"{CATALOGUE[next(iter(wanted))].title}: saved."
    return f"{count_text(len(wanted), *noun)} are saved."


def _undo(seen: Mapping[str, Any], wanted: Mapping[str, Any], many: str) -> Undo:
    def act(work: Work) -> str:
        for key, value in seen.items():
            change_setting(work, key, value, seen=wanted[key])
        return f"The {many} are as they were."

    return Undo(f"the change of {many}", act)
