"""The look: tokens, contrast, icons that follow, words that never become rich text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.ui import icons, text, theme
from fscdesk.ui.preferences import Preferences

TONES = ("neutral", "slate", "blue", "sky", "amber", "teal", "green", "red", "violet", "orange")
GROUNDS = ("window", "surface", "sunken", "hover", "selected", "rail_active")


def contrast(one: QColor, other: QColor) -> float:
    """The WCAG 2 ratio of two colours."""

    def light(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read_and_all_marks_seen(look: QApplication, scheme: theme.Scheme) -> None:
    theme.apply(look, scheme)
    now = theme.now
    for words in ("text", "text2", "text3", "accent_text", "negative"):
        for ground in GROUNDS:
            assert contrast(now.colour(words), now.colour(ground)) >= 4.5, (words, ground)
    for ground in ("accent", "accent_hover", "accent_press"):
        assert contrast(now.on_accent, now.colour(ground)) >= 4.5
    for name in TONES:
        tone = now.tone(name)
        assert contrast(tone.fg, tone.bg) >= 4.5
        assert contrast(tone.solid, now.surface) >= 3
    for mark in ("border_input", "focus"):
        assert contrast(now.colour(mark), now.surface) >= 3


def test_one_apply_changes_what_widgets_read(look: QApplication, qtbot: QtBot) -> None:
    light = theme.now.surface.name()
    with qtbot.waitSignal(theme.changed):
        theme.apply(look, "dark", 130)
    assert theme.now.dark
    assert theme.now.surface.name() != light
    assert look.palette().window().color() == theme.now.window
    assert theme.now.size.row_compact == round(32 * 1.3)
    assert theme.now.size.detail_pane == 352  # the pane has a width of its own
    assert theme.now.font("title").pixelSize() == 26


def test_the_bundled_font_is_the_one_that_is_used(look: QApplication) -> None:
    for role in ("caption", "body", "strong", "title"):
        assert QFontInfo(theme.now.font(role)).family() == "Fsc Sans"
    metrics = theme.now.metrics("strong")
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


@pytest.mark.parametrize(
    "kind", ["billing", "claim", "invoice", "attendance", "import_verdict", "bank_match"]
)
def test_every_status_has_a_word_a_tone_and_an_icon_that_exists(
    look: QApplication, kind: str
) -> None:
    words = set()
    for key in theme._tokens()["status"][kind]:
        status = theme.now.status(kind, key)
        theme.now.tone(status.tone)
        icons.icon(status.icon)
        words.add(status.word)
    assert len(words) == len(theme._tokens()["status"][kind])


def test_severities_differ_by_shape_alone(look: QApplication) -> None:
    black = QColor("black")
    shapes = {
        bytes(icons.pixmap(theme.now.severity(key).icon, black, 14).toImage().constBits())
        for key in ("low", "medium", "high", "critical")
    }
    assert len(shapes) == 4


def test_an_icon_follows_the_theme_by_itself(look: QApplication, qtbot: QtBot) -> None:
    button = QPushButton(icons.icon("severity-high", "text"), "")
    qtbot.addWidget(button)
    light = button.icon().pixmap(16, 16).toImage()
    theme.apply(look, "dark")
    dark = button.icon().pixmap(16, 16).toImage()
    assert light != dark
    assert dark.pixelColor(8, 10).name() == theme.now.text.name()


def test_icons_are_sharp_at_every_ratio_and_unknown_names_are_refused(look: QApplication) -> None:
    picture = icons.pixmap("send", "sky.fg", 14, 2.5)
    assert (picture.width(), picture.devicePixelRatio()) == (35, 2.5)
    assert icons.pixmap("send", "sky.fg", 14, 2.5).cacheKey() == picture.cacheKey()
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")
    with pytest.raises(KeyError):
        theme.now.colour("no_such_token")


def test_amounts_days_and_counts_are_written_by_fixed_rules() -> None:
    assert text.money_text(Money(123500)) == "1,235.00"
    assert text.money_text(Money(-4000)) == "\N{MINUS SIGN}40.00"
    assert text.money_text(9500, signed=True) == "+95.00"
    assert text.money_text(Money()) == "\N{EN DASH}"
    assert text.money_text(Money(), zero_dash=False) == "0.00"
    assert text.money_text(None) == ""
    assert text.dollars_text(Money(-5)) == "\N{MINUS SIGN}$0.05"
    assert text.day_text(date(2026, 3, 1)) == "03/01/2026"
    assert text.day_text(None) == ""
    assert text.long_day_text(date(2026, 4, 1)) == "Wednesday, April 1, 2026"
    assert text.percent_text(0.0514) == "5.1 %"
    assert text.percent_text(-0.0001) == "0.0 %"
    assert text.count_text(1, "claim") == "1 claim"
    assert text.count_text(2418, "entry", "entries") == "2,418 entries"
    assert text.age_text(date(2026, 4, 10), date(2026, 4, 1)) == "in 9 days"
    assert text.age_text(date(2026, 3, 31), date(2026, 4, 1)) == "1 day old"


def test_times_are_the_practices_not_the_computers() -> None:
    late = datetime(2026, 4, 1, 2, 30, tzinfo=UTC)
    assert text.moment_text(late, ZoneInfo("America/New_York")) == "03/31/2026 22:30"


def test_a_name_never_becomes_rich_text(qtbot: QtBot, look: QApplication) -> None:
    label = text.ElidedLabel("<img src='/a.png' width=300> & Sons, a very long name indeed")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.sizeHint().height() < 40
    assert "<" not in label.toolTip()
    label.resize(900, 20)
    look.processEvents()
    assert label.toolTip() == ""


def test_preferences_keep_the_look_and_forgive_nonsense(tmp_path: Path) -> None:
    kept = Preferences(tmp_path / "workstation.ini")
    assert (kept.look(), kept.text_size()) == ("system", 100)
    kept.set_look("dark")
    kept.set_text_size(130)
    again = Preferences(tmp_path / "workstation.ini")
    assert (again.look(), again.scheme(), again.text_size()) == ("dark", "dark", 130)
    kept.set_text_size(7)
    assert kept.text_size() == 100
