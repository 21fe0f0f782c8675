"""The line of parameters: a chip for each thing that a report can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.services.reports.periods import Period
from fscdesk.services.reports.report_asked import (
    BETWEEN,
    DAY_WORDS,
    PERIOD_WORDS,
    DayWord,
    Kept,
    Param,
    ParamKind,
    period_text,
)
from fscdesk.services.reports.report_catalogue import ReportKind
from fscdesk.ui import theme
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.forms.chip import Chip
from fscdesk.ui.screens.reports.popups import DaysPopup, Offer, PickPopup, WordsTyped
from fscdesk.ui.tables.choice_popup import ChoicePopup
from fscdesk.ui.tables.popup import Popup
from fscdesk.ui.tables.spec import Choice
from fscdesk.ui.text import day_text

GAP, BELOW = 8, 12
NOTHING: Final = {"compare": "Nothing", "by": "Nothing"}
"""What is said of a choice that was not made, where it is not ``Any``."""


class Chips(QWidget):
    """Shows what was chosen for a report, and tells when a person chose otherwise."""

    changed = Signal(object)
    """Kept: everything that is chosen now."""

    def __init__(self, patient: str) -> None:
        super().__init__()
        self._patient = patient
        self._report: ReportKind | None = None
        self._kept: Kept = {}
        self._today = date.today()  # noqa: DTZ011 - until the office's day is read
        self._popup: Popup | None = None
        self.chips: dict[str, Chip] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Parameters")
        theme.changed.connect(self._place)

    def show_report(self, report: ReportKind, kept: Mapping[str, Any], today: date) -> None:
        """Show the parameters of a report without telling."""
        self._today = today
        self._kept = dict(kept)
        if report is not self._report:
            self._report = report
            for old in self.chips.values():
                old.hide()
                old.deleteLater()
            self.chips = {param.key: self._chip(param) for param in report.params}
        for param in report.params:
            chip = self.chips[param.key]
            chip.show_value(self._words(param), is_set=param.key in self._kept)
        self._place()

    def open_chip(self, key: str) -> None:
        """Open what a chip offers."""
        param = None if self._report is None else self._report.param(key)
        if param is not None:
            self._open(param)

    def open_days(self) -> None:
        """Open the fields of the first day or period, for Ctrl+D."""
        for param in () if self._report is None else self._report.params:
            if param.kind in (ParamKind.DAY, ParamKind.PERIOD):
                self._offer(param, self.chips[param.key])
                if isinstance(self._popup, DaysPopup):
                    self._popup.type_first()
                return

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(240), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _chip(self, param: Param) -> Chip:
        chip = Chip(param.title, "", self)
        chip.clicked.connect(partial(self._open, param))
        chip.cleared.connect(partial(self._choose, param.key, None))
        chip.show()
        return chip

    def _place(self) -> None:
        """Put the chips in lines."""
        high = theme.now.size.control_small
        x, y, right = LEFT, 0, self.width() - RIGHT
        for chip in self.chips.values():
            wide = chip.sizeHint().width()
            if x > LEFT and x + wide > right:
                x, y = LEFT, y + high + GAP
            chip.setGeometry(x, y, min(wide, right - x), high)
            x += wide + GAP
        self.setFixedHeight(y + high + BELOW if self.chips else 0)

    def _words(self, param: Param) -> str:
        said = self._kept.get(param.key)
        match param.kind:
            case ParamKind.DAY:
                return DAY_WORDS.get(str(said), "") or _day(said) or DAY_WORDS[DayWord.TODAY]
            case ParamKind.PERIOD:
                text = str(said or param.default)
                return PERIOD_WORDS.get(text, "") or _period(text)
            case ParamKind.FLAG:
                return "Only" if said else "All"
            case ParamKind.CHOICES:
                chosen = said if isinstance(said, list) else []
                names = [self._word(param, key) for key in chosen]
                return names[0] if len(names) == 1 else f"{len(names)} chosen" if names else "Any"
            case ParamKind.WORDS:
                return ", ".join(said) if isinstance(said, list) and said else "Any"
        value = param.default if said is None else said
        return NOTHING.get(param.key, "Any") if value is None else self._word(param, str(value))

    def _word(self, param: Param, value: str) -> str:
        if value == "patient":
            return self._patient
        return dict(param.choices).get(value, value)

    def _open(self, param: Param) -> None:
        chip = self.chips[param.key]
        match param.kind:
            case ParamKind.FLAG:
                self._choose(param.key, None if self._kept.get(param.key) else True)
            case ParamKind.CHOICES:
                self._tick(param, chip)
            case ParamKind.WORDS:
                said = self._kept.get(param.key) or []
                popup = WordsTyped(param.title, tuple(said), "90834, 90837", self)
                popup.picked.connect(
                    lambda words: self._choose(param.key, list(words) or None),
                )
                self._show(popup, chip)
            case _:
                self._offer(param, chip)

    def _offer(self, param: Param, chip: Chip) -> None:
        """Open the words of a chip; where it is about days, they can be typed as well."""
        now = self._kept.get(param.key, param.default)
        offers = self._offers(param)
        popup = PickPopup(param.title, offers, now, self)
        if param.kind in (ParamKind.DAY, ParamKind.PERIOD):
            popup = DaysPopup(param.title, offers, now, self._days(param), self._today, self)
            popup.typed.connect(partial(self._on_typed, param))
        popup.picked.connect(partial(self._choose, param.key))
        self._show(popup, chip)

    def _offers(self, param: Param) -> list[Offer]:
        if param.kind is ParamKind.DAY:
            named = DAY_WORDS.items()
            return [(None if value == DayWord.TODAY else value, words) for value, words in named]
        if param.kind is ParamKind.PERIOD:
            return list(PERIOD_WORDS.items())
        number = param.kind is ParamKind.NUMBER
        offers: list[Offer] = [
            (int(value) if number else value, self._word(param, value))
            for value, _words in param.choices
        ]
        if param.default is None:
            offers.insert(0, (None, NOTHING.get(param.key, "Any")))
        return offers

    def _on_typed(self, param: Param, days: tuple[date, ...]) -> None:
        one = days[0].isoformat()
        self._choose(param.key, one if len(days) == 1 else period_text(days[0], days[-1]))

    def _days(self, param: Param) -> tuple[date, ...]:
        """Return the days that the fields begin with."""
        said = str(self._kept.get(param.key) or "")
        if param.kind is ParamKind.DAY:
            return (_date(said) or self._today,)
        first, _between, last = said.partition(BETWEEN)
        return (_date(first) or self._today.replace(day=1), _date(last) or self._today)

    def _tick(self, param: Param, chip: Chip) -> None:
        popup = ChoicePopup(param.title, self)
        popup.offer(
            [Choice(value, words) for value, words in param.choices],
            tuple(self._kept.get(param.key) or ()),
        )
        popup.picked.connect(lambda keys: self._choose(param.key, list(keys) or None))
        self._show(popup, chip)

    def _show(self, popup: Popup, chip: Chip) -> None:
        popup.closed.connect(popup.deleteLater)
        popup.open_under(chip)
        self._popup = popup

    def _choose(self, key: str, value: Any) -> None:
        report = self._report
        if report is None:
            return
        param = report.param(key)
        kept = {one: said for one, said in self._kept.items() if one != key}
        if value is not None and (param is None or value != param.default):
            kept[key] = value
        if kept != self._kept:
            self.show_report(report, kept, self._today)
            self.changed.emit(dict(kept))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day(said: object) -> str:
    return day_text(_date(str(said or "")))


def _period(text: str) -> str:
    first, _between, last = text.partition(BETWEEN)
    one, other = _date(first), _date(last)
    return Period(one, other).words if one and other else text
