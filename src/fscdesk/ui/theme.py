"""The look in force: every token as an attribute, and the one place that changes it.

Widgets read tokens when they paint (`theme.now.text3`), never when they are made or imported, so
that a change of theme reaches everything with one repaint. `now` is one object for the life of
the program; `apply` fills it again. Values come from `resources/tokens.json` (ui.md section 1).
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from fscdesk.resources import resource

Scheme = Literal["light", "dark"]
TEXT_SIZES = (90, 100, 115, 130, 150)
"""The text sizes a person can choose, in percent."""

FONT_FILES = ("Regular", "Medium", "SemiBold", "Bold")
_NOT_SCALED = frozenset({"detail_pane", "detail_pane_min"})


@cache
def _tokens() -> dict[str, Any]:
    """The design tokens as they are shipped."""
    loaded: dict[str, Any] = json.loads(resource("tokens.json").read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True, slots=True)
class Tone:
    """One of the ten tones: words on a tint, and a solid for shapes and chart marks."""

    fg: QColor
    bg: QColor
    solid: QColor


@dataclass(frozen=True, slots=True)
class Status:
    """What a badge shows: always a word and an icon, never colour alone."""

    word: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class ChartColours:
    """Colours of marks: `series` for kinds, `aging` from young to old, and the lines behind."""

    series: tuple[QColor, ...] = ()
    aging: tuple[QColor, ...] = ()
    grid: QColor = field(default_factory=QColor)
    goal: QColor = field(default_factory=QColor)


class Sizes:
    """Heights and widths in device-independent pixels, already multiplied by the text size."""

    topbar: int
    rail: int
    rail_small: int
    row_compact: int
    row_comfortable: int
    row_twoline: int
    header_row: int
    totals_row: int
    control: int
    control_small: int
    control_cell: int
    selection_bar: int
    detail_pane: int
    detail_pane_min: int
    message_bar: int
    dialog_small: int
    dialog_medium: int
    dialog_large: int
    badge: int
    icon: int
    icon_small: int
    icon_large: int
    hit_min: int


class Theme:
    """The tokens in force. Read its attributes while painting; do not keep them."""

    window: QColor
    surface: QColor
    sunken: QColor
    raised: QColor
    hover: QColor
    selected: QColor
    rail_active: QColor
    border: QColor
    border_strong: QColor
    border_input: QColor
    text: QColor
    text2: QColor
    text3: QColor
    disabled: QColor
    accent: QColor
    accent_hover: QColor
    accent_press: QColor
    on_accent: QColor
    accent_text: QColor
    accent_tint: QColor
    focus: QColor
    negative: QColor
    scrim: QColor

    radius_badge, radius_control, radius_card, radius_sheet = 5, 6, 8, 10

    def __init__(self) -> None:
        self.scheme: Scheme = "light"
        self.text_size = 100
        self.size = Sizes()
        self.chart = ChartColours()
        self.comfortable = False
        """Whether lists begin with comfortable rows: this workstation's choice."""
        self.motion = True
        """False when the system asks for no motion: then nothing fades."""
        self._tones: dict[str, Tone] = {}
        self._fonts: dict[tuple[str, int | None], QFont] = {}
        self._metrics: dict[tuple[str, int | None], QFontMetrics] = {}
        self.fill("light", 100)

    def fill(self, scheme: Scheme, text_size: int) -> None:
        """Take the tokens of a scheme and a text size. Screens call `apply` instead."""
        self.scheme, self.text_size = scheme, text_size
        tokens = _tokens()
        for name, value in tokens[scheme].items():
            setattr(self, name, QColor(value))
        for name, value in tokens["size"].items():
            setattr(self.size, name, value if name in _NOT_SCALED else self.px(value))
        self._tones = {
            name: Tone(*(QColor(tone[part]) for part in ("fg", "bg", "solid")))
            for name, tone in tokens["tones"][scheme].items()
        }
        chart = tokens["chart"][scheme]
        self.chart = ChartColours(
            series=tuple(QColor(value) for value in chart["series"]),
            aging=tuple(QColor(value) for value in chart["aging"]),
            grid=QColor(chart["grid"]),
            goal=QColor(chart["goal"]),
        )
        self._fonts.clear()
        self._metrics.clear()

    @property
    def dark(self) -> bool:
        """Whether the dark palette is in force."""
        return self.scheme == "dark"

    def px(self, pixels: float) -> int:
        """Scale a length that goes with text: a row, a control, a type size."""
        return round(pixels * self.text_size / 100)

    def colour(self, name: str) -> QColor:
        """A token by its name: `text2`, or a tone's part as `green.fg`, or `#rrggbb`.

        Raises KeyError for a name that is none of these.
        """
        if name.startswith("#"):
            return QColor(name)
        tone, dot, part = name.partition(".")
        found = getattr(self._tones[tone], part, None) if dot else getattr(self, name, None)
        if not isinstance(found, QColor):
            raise KeyError(name)
        return found

    def tone(self, name: str) -> Tone:
        """A tone by its name. Raises KeyError when there is none."""
        return self._tones[name]

    def font(self, role: str = "body", *, weight: int | None = None) -> QFont:
        """The font of a type role (caption small body strong section title figure mono).

        The copy is the caller's. `weight` overrides the role's, as in small text at 500.
        """
        found = self._fonts.get((role, weight))
        if found is None:
            found = self._fonts[role, weight] = self._make_font(role, weight)
        return QFont(found)

    def metrics(self, role: str = "body", *, weight: int | None = None) -> QFontMetrics:
        """The measures of a role's font, made once."""
        found = self._metrics.get((role, weight))
        if found is None:
            found = self._metrics[role, weight] = QFontMetrics(self.font(role, weight=weight))
        return found

    def line(self, role: str) -> int:
        """The height of one line in a type role."""
        if role == "mono":
            return self.px(16)
        return self.px(_tokens()["type"][role]["line"])

    def billing_status(self, key: str) -> Status:
        """What the badge of a session's billing status shows."""
        return self.status("billing", key)

    def attendance(self, key: str) -> Status:
        """What the badge of an attendance shows."""
        return self.status("attendance", key)

    def claim(self, key: str) -> Status:
        """What the badge of a claim's status shows."""
        return self.status("claim", key)

    def invoice(self, key: str) -> Status:
        """What the badge of an invoice's status shows."""
        return self.status("invoice", key)

    def import_verdict(self, key: str) -> Status:
        """What the badge of a row in an import plan shows."""
        return self.status("import_verdict", key)

    def bank_match(self, key: str) -> Status:
        """What the badge of a bank line shows."""
        return self.status("bank_match", key)

    def status(self, kind: str, key: str) -> Status:
        """A status by kind and key. Raises KeyError when there is none."""
        found = _tokens()["status"][kind][key]
        return Status(found["word"], found["tone"], found["icon"])

    def severity(self, key: str) -> Status:
        """A severity: its icon is the filled shape that `icons.pixmap` knows by that name."""
        found = _tokens()["severity"][key]
        return Status(found["word"], found["tone"], f"severity-{key}")

    def _make_font(self, role: str, weight: int | None) -> QFont:
        kind = {"px": 11, "weight": 400} if role == "mono" else _tokens()["type"][role]
        font = QFont()
        font.setFamilies(_tokens()["font"]["mono"] if role == "mono" else families())
        font.setPixelSize(self.px(kind["px"]))
        font.setWeight(QFont.Weight(weight or kind["weight"]))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font


class _News(QObject):
    """Carries the one signal: a module has none."""

    changed = Signal()


now = Theme()
_news = _News()
changed = _news.changed
"""Sent after `apply`: for widgets that keep measures or pixmaps of their own."""


def apply(app: QApplication, scheme: Scheme = "light", text_size: int = 100) -> None:
    """Give the whole program a scheme and a text size: style, palette, sheet, then one polish.

    A sheet in force already is left alone: to polish a built window anew takes a second.
    """
    from fscdesk.ui import icons, style_sheet

    load_fonts()
    now.fill(scheme, text_size)
    sheet = style_sheet.make()
    if app.styleSheet() == sheet:
        changed.emit()  # lists read how high their rows are as well
        return
    icons.clear()
    if app.style().objectName().lower() != "fusion":
        app.setStyle("Fusion")
    app.setFont(now.font("body"))
    app.setPalette(palette())
    app.setStyleSheet(sheet)
    for widget in app.allWidgets():
        widget.updateGeometry()  # painted widgets measure themselves by the tokens
    changed.emit()


def system_scheme() -> Scheme:
    """The scheme that the system asks for; only a hint, the palette is ours either way."""
    asked = QGuiApplication.styleHints().colorScheme()
    return "dark" if asked == Qt.ColorScheme.Dark else "light"


def next_text_size(step: int) -> int:
    """The text size one step up or down from the one in force, or the same at the end."""
    here = min(range(len(TEXT_SIZES)), key=lambda at: abs(TEXT_SIZES[at] - now.text_size))
    return TEXT_SIZES[max(0, min(len(TEXT_SIZES) - 1, here + step))]


def families() -> list[str]:
    """The bundled family, then the system's for scripts that it lacks."""
    font = _tokens()["font"]
    system = {"win32": "fallback_windows", "darwin": "fallback_macos"}
    return [font["bundled"], font[system.get(sys.platform, "fallback_other")]]


def palette() -> QPalette:
    """A palette from the tokens, for everything that Fusion draws without the sheet."""
    made = QPalette()
    role = QPalette.ColorRole
    for part, colour in (
        (role.Window, now.window),
        (role.WindowText, now.text),
        (role.Base, now.surface),
        (role.AlternateBase, now.sunken),
        (role.Text, now.text),
        (role.Button, now.raised),
        (role.ButtonText, now.text),
        (role.BrightText, now.negative),
        (role.Highlight, now.accent),
        (role.HighlightedText, now.on_accent),
        (role.Accent, now.accent),
        (role.Link, now.accent_text),
        (role.LinkVisited, now.accent_text),
        (role.ToolTipBase, now.raised),
        (role.ToolTipText, now.text),
        (role.PlaceholderText, now.text3),
        (role.Light, now.raised),
        (role.Midlight, now.border),
        (role.Mid, now.border_strong),
        (role.Dark, now.border_strong),
        (role.Shadow, now.border_strong),
    ):
        made.setColor(part, colour)
    for part in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, part, now.disabled)
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, now.border)
    return made


_LOADED: list[int] = []


def load_fonts() -> None:
    """Add the bundled font to the running program, once; before the first window."""
    if _LOADED:
        return
    for weight in FONT_FILES:
        content = resource(f"fonts/FscSans-{weight}.ttf").read_bytes()
        _LOADED.append(QFontDatabase.addApplicationFontFromData(content))
