"""Checks: every rule of the scrubber, what it guards, and how much it weighs in this practice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fscdesk.services.claims.rule_weights import (
    SEVERITY_WORDS,
    Weight,
    rule_weights,
    set_weight,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.bound import field_value, set_field
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Record
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import setup_spec
from fscdesk.ui.tables.columns import Column, Kind, badge_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.theme import Status

OFF: Final = "off"
FIXED_BECAUSE: Final = "It always stops: without it no claim can be written."
AT_ONCE: Final = "Claims that wait are checked again at once."
_BY_KEY: Final = {one.value: one for one in SEVERITY_WORDS}
_CHOICES: Final = (
    *((one.value, words) for one, words in SEVERITY_WORDS.items()),
    (OFF, "Off: nobody looks"),
)
_MARKS: Final = {
    "stops": Status("Stops", "red", "octagon-alert"),
    "warns": Status("Warns", "amber", "triangle-alert"),
    "tells": Status("Tells", "slate", "info"),
    OFF: Status("Off", "neutral", "circle-slash"),
}


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check as a row of a list."""

    id: int
    weight: Weight


@dataclass(frozen=True, slots=True)
class CheckFields:
    """What can be typed of a check; ``now`` is a severity's key, or off."""

    title: str
    now: str
    fixed: bool = False
    guards: str = ""


def checks_page(shell: Shell, keeping: Keeping) -> Part:
    """Return the checks."""
    record = Record(
        noun="check",
        rows=_lines,
        fields_of=lambda line: CheckFields(
            line.weight.title, _key(line.weight), line.weight.fixed, line.weight.guards
        ),
        blank=lambda: CheckFields("", OFF),
        build=_build,
        name_of=lambda fields: fields.title,
        edit=lambda work, line, fields: set_weight(
            work, line.weight.rule, _BY_KEY.get(fields.now), seen=line.weight.now
        ),
        line_of=lambda line: line.weight.asks,
        put=_put,
        take=lambda form, base: CheckFields(
            base.title, field_value(form.field("now")) or OFF, base.fixed, base.guards
        ),
    )
    columns: tuple[Column[CheckLine], ...] = (
        Column(
            "number",
            "No.",
            lambda line: str(line.weight.number),
            Kind.NUMBER,
            lambda line: line.weight.number,
            width=88,
            priority=4,
        ),
        Column(
            "title",
            "Check",
            lambda line: line.weight.title,
            second=lambda line: line.weight.asks,
            names=True,
            priority=1,
        ),
        Column("guards", "Guards", lambda line: line.weight.guards, width=240, shown=False),
        badge_column("now", "Here", lambda line: _MARKS[_key(line.weight)], width=96, priority=1),
        Column("usual", "Shipped as", _usual, width=112, priority=6),
    )
    spec = setup_spec(
        "checks",
        "Checks",
        ("check", "checks"),
        _lines,
        columns,
        Topic.SETTINGS,
        Empty("There are no checks.", "list-checks"),
    )
    return ListAndForm(shell, spec, record, keeping=keeping)


def _lines(work: Work) -> tuple[CheckLine, ...]:
    return tuple(CheckLine(at, one) for at, one in enumerate(rule_weights(work), start=1))


def _key(weight: Weight) -> str:
    return OFF if weight.now is None else weight.now.value


def _usual(line: CheckLine) -> str:
    if line.weight.fixed:
        return "Fixed"
    usual = _MARKS[line.weight.usual.value].word
    return f"{usual}, changed" if line.weight.now is not line.weight.usual else usual


def _build(form: Form) -> None:
    form.row(now=ChoiceField("In this practice", _CHOICES, hint=AT_ONCE))


def _put(form: Form, fields: CheckFields) -> None:
    field = form.field("now")
    set_field(field, fields.now)
    field.editor.setEnabled(not fields.fixed)
    field.editor.setToolTip(FIXED_BECAUSE if fields.fixed else "")
    field.set_hint(FIXED_BECAUSE if fields.fixed else "Claims that wait are checked again at once.")
    form.primary.off_because(FIXED_BECAUSE if fields.fixed else "")
