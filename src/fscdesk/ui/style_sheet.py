"""The one style sheet, made from the tokens in force.

Roles are dynamic properties: `role` on labels, `kind` (primary, quiet, link, bar) and `compact`
on buttons, `faulty` on fields, `kind` on frames (card, well, sheet, bar). Never call
`setStyleSheet` on a widget. Item views are painted by delegates: no `::item` rule for them here.
"""

from __future__ import annotations

from PySide6.QtGui import QColor

from fscdesk.ui import theme

_ROLES = {
    "body": ("body", "text"),
    "quiet": ("body", "text2"),
    "small": ("small", "text2"),
    "hint": ("small", "text3"),
    "caption": ("caption", "text3"),
    "label": ("small", "text2"),
    "strong": ("strong", "text"),
    "section": ("section", "text"),
    "title": ("title", "text"),
    "figure": ("figure", "text"),
    "negative": ("body", "negative"),
    "link": ("body", "accent_text"),
    "refusal": ("small", "red.fg"),
    "warning": ("small", "amber.fg"),
    "good": ("small", "green.fg"),
}
_WEIGHTS = {"label": 500, "link": 500}


def make() -> str:
    """Return the sheet for `theme.now`."""
    parts = (_labels(), _buttons(), _fields(), _frames(), _menus(), _bars(), _tabs(), _dialogs())
    return "\n".join(parts)


def _hex(name: str) -> str:
    return theme.now.colour(name).name(QColor.NameFormat.HexRgb)


def _font(role: str, weight: int | None = None) -> str:
    font = theme.now.font(role, weight=weight)
    return f"font-size: {font.pixelSize()}px; font-weight: {font.weight().value};"


def _labels() -> str:
    rules = [
        f'QLabel[role="{role}"] {{ color: {_hex(colour)}; {_font(kind, _WEIGHTS.get(role))} }}'
        for role, (kind, colour) in _ROLES.items()
    ]
    rules.append("QLabel { background: transparent; }")
    rules.append(f"QLabel:disabled {{ color: {_hex('disabled')}; }}")
    families = ", ".join(f'"{name}"' for name in theme.now.font("mono").families())
    rules.append(
        f'QLabel[role="mono"], QPlainTextEdit[role="mono"] '
        f"{{ color: {_hex('text2')}; font-family: {families}; {_font('mono')} }}"
    )
    return "\n".join(rules)


def _buttons() -> str:
    now = theme.now
    height, small = now.size.control - 2, now.size.control_small - 2
    return f"""
QPushButton {{ icon-size: {now.size.icon}px; }}
QPushButton {{ background: {_hex("raised")}; color: {_hex("text")}; padding: 0 {now.px(12)}px;
  border: 1px solid {_hex("border_strong")}; border-radius: {now.radius_control}px;
  min-height: {height}px; max-height: {height}px; {_font("body", 500)} }}
QPushButton[compact="true"] {{ min-height: {small}px; max-height: {small}px;
  padding: 0 {now.px(10)}px; {_font("small", 500)} }}
QPushButton:hover {{ background: {_hex("hover")}; }}
QPushButton:pressed, QPushButton:open {{ background: {_hex("rail_active")}; }}
QPushButton:disabled {{ color: {_hex("disabled")}; border-color: {_hex("border")};
  background: {_hex("sunken")}; }}
QPushButton[kind="primary"] {{ background: {_hex("accent")}; color: {_hex("on_accent")};
  border-color: {_hex("accent")}; }}
QPushButton[kind="primary"]:hover {{ background: {_hex("accent_hover")};
  border-color: {_hex("accent_hover")}; }}
QPushButton[kind="primary"]:pressed {{ background: {_hex("accent_press")};
  border-color: {_hex("accent_press")}; }}
QPushButton[kind="primary"]:disabled {{ background: {_hex("sunken")}; color: {_hex("disabled")};
  border-color: {_hex("border")}; }}
QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent;
  color: {_hex("text2")}; padding: 0 {now.px(8)}px; }}
QPushButton[kind="quiet"]:hover {{ background: {_hex("hover")}; }}
QPushButton[kind="quiet"]:pressed, QPushButton[kind="quiet"]:open {{
  background: {_hex("rail_active")}; }}
QPushButton[kind="quiet"]:disabled {{ color: {_hex("disabled")}; }}
QPushButton[kind="bar"] {{ background: transparent; border-color: transparent;
  color: {_hex("text2")}; padding: 0; }}
QPushButton[kind="bar"]:hover, QPushButton[kind="bar"]:pressed, QPushButton[kind="bar"]:open {{
  background: {_hex("rail_active")}; }}
QPushButton[kind="bar"]:disabled {{ background: transparent; color: {_hex("disabled")}; }}
QPushButton[kind="link"] {{ background: transparent; border-color: transparent; padding: 0 4px;
  color: {_hex("accent_text")}; }}
QPushButton[kind="link"]:hover {{ background: {_hex("accent_tint")}; }}
QPushButton[kind="link"]:disabled {{ color: {_hex("disabled")}; }}
QPushButton::menu-indicator {{ width: 0; height: 0; image: none; }}
"""


def _fields() -> str:
    now = theme.now
    height, small = now.size.control - 2, now.size.control_small - 2
    fields = "QLineEdit, QComboBox, QAbstractSpinBox"
    return f"""
{fields} {{ background: {_hex("surface")}; color: {_hex("text")}; padding: 0 {now.px(8)}px;
  border: 1px solid {_hex("border_input")}; border-radius: {now.radius_control}px;
  min-height: {height}px; max-height: {height}px; {_font("body")}
  selection-background-color: {_hex("accent")}; selection-color: {_hex("on_accent")}; }}
QLineEdit[compact="true"], QComboBox[compact="true"] {{ min-height: {small}px;
  max-height: {small}px; {_font("small")} }}
QPlainTextEdit, QTextEdit {{ background: {_hex("surface")}; color: {_hex("text")};
  border: 1px solid {_hex("border_input")}; border-radius: {now.radius_control}px; padding: 4px;
  {_font("body")} selection-background-color: {_hex("accent")};
  selection-color: {_hex("on_accent")}; }}
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled {{ color: {_hex("disabled")};
  background: {_hex("sunken")}; border-color: {_hex("border_strong")}; }}
QLineEdit:read-only {{ background: {_hex("sunken")}; border-color: {_hex("border")}; }}
QLineEdit[faulty="true"], QComboBox[faulty="true"], QPlainTextEdit[faulty="true"] {{
  border-color: {_hex("negative")}; }}
QLineEdit[kind="search"] {{ border-color: {_hex("border_strong")};
  padding-left: {now.px(32)}px; padding-right: {now.px(60)}px; }}
QLineEdit[kind="cell"] {{ min-height: {now.size.control_cell - 2}px;
  max-height: {now.size.control_cell - 2}px; padding: 0 {now.px(5)}px; }}
QLineEdit[kind="bare"], QPlainTextEdit[kind="bare"] {{ border: none; background: transparent; }}
QComboBox {{ padding-right: {now.px(28)}px; }}
QComboBox::drop-down {{ border: none; width: {now.px(28)}px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ background: {_hex("raised")}; color: {_hex("text")};
  border: 1px solid {_hex("border_strong")}; outline: none; padding: 4px;
  selection-background-color: {_hex("selected")}; selection-color: {_hex("text")}; }}
"""


def _frames() -> str:
    now = theme.now
    card = f"border: 1px solid {_hex('border')}; border-radius: {now.radius_card}px;"
    return f"""
QMainWindow, QWidget#desk {{ background: {_hex("window")}; }}
QFrame[kind="card"] {{ background: {_hex("surface")}; {card} }}
QFrame[kind="well"] {{ background: {_hex("sunken")}; {card} }}
QFrame[kind="raised"] {{ background: {_hex("raised")}; {card} }}
QFrame[kind="line"] {{ background: {_hex("border")}; border: none; max-height: 1px;
  min-height: 1px; }}
QFrame[kind="upright"] {{ background: {_hex("border")}; border: none; max-width: 1px;
  min-width: 1px; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[kind="page"] {{ background: transparent; }}
QAbstractItemView {{ background: transparent; color: {_hex("text")}; border: none;
  outline: none; }}
QSplitter::handle {{ background: {_hex("border")}; }}
QSplitter::handle:hover {{ background: {_hex("accent")}; }}
QProgressBar {{ background: {_hex("border")}; border: none; border-radius: 2px;
  min-height: 4px; max-height: 4px; }}
QProgressBar::chunk {{ background: {_hex("accent")}; border-radius: 2px; }}
"""


def _menus() -> str:
    now = theme.now
    return f"""
QMenu {{ background: {_hex("raised")}; color: {_hex("text")}; padding: 4px;
  border: 1px solid {_hex("border_strong")}; border-radius: {now.radius_card}px;
  {_font("body")} }}
QMenu::item {{ padding: {now.px(6)}px {now.px(24)}px {now.px(6)}px {now.px(12)}px;
  border-radius: {now.radius_control}px; }}
QMenu::item:selected {{ background: {_hex("selected")}; }}
QMenu::item:disabled {{ color: {_hex("disabled")}; }}
QMenu::icon {{ padding-left: {now.px(10)}px; }}
QMenu::separator {{ height: 1px; background: {_hex("border")}; margin: 4px 0; }}
QToolTip {{ background: {_hex("raised")}; color: {_hex("text")}; padding: 4px 8px;
  border: 1px solid {_hex("border_strong")}; {_font("small")} }}
"""


def _bars() -> str:
    side = theme.now.px(10)
    return f"""
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {side}px; }}
QScrollBar:horizontal {{ height: {side}px; }}
QScrollBar::handle {{ background: {_hex("border_strong")}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:hover {{ background: {_hex("border_input")}; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
"""


def _tabs() -> str:
    now = theme.now
    return f"""
QTabWidget::pane {{ border: none; border-top: 1px solid {_hex("border")}; }}
QTabBar {{ background: transparent; border: none; }}
QTabBar::tab {{ background: transparent; color: {_hex("text2")}; border: none;
  border-bottom: 2px solid transparent; padding: {now.px(8)}px 0; margin-right: {now.px(24)}px;
  {_font("body", 500)} }}
QTabBar::tab:selected {{ color: {_hex("text")}; border-bottom-color: {_hex("accent")}; }}
QTabBar::tab:hover {{ color: {_hex("text")}; }}
"""


def _dialogs() -> str:
    return f"""
QDialog {{ background: {_hex("surface")}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
"""
