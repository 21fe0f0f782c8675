"""The form of a claim rule: when it works, what it does then, for whom, from when to when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from fscdesk.services.claims.payer_rules import NONE, OWN_SUPERVISOR, SETS
from fscdesk.services.claims.rule_setup import ACTS, RuleFields
from fscdesk.services.setup.payers import payers
from fscdesk.services.setup.practice import locations
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Work
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.bound import field_value, set_field
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Options
from fscdesk.ui.screens.setup.conditions_field import ConditionsField

Today = Callable[[], date]
_ACTS: Final = {act.value: act for act in ACTS}
_SET: Final = next(iter(_ACTS))
_WHO: Final = frozenset({"supervising", "rendering", "authorization"})
"""What is set by choosing; the rest is typed."""
_PLAIN: Final = ("name", "payer_id", "conditions", "field", "message", "valid_from", "valid_to")
_HINTS: Final = {
    "modifiers": "+95 adds, -95 takes away; HO 95 is the whole list.",
    "place_of_service": "Two digits: 11, 02, 10.",
    "note": "Stands in the note of the claim (box 19).",
}
_OWN: Final = (OWN_SUPERVISOR, "The clinician’s own supervisor")


def build(today: Today, form: Form) -> None:
    """Make the fields; which of them are shown follows from what the rule does."""
    form.row(name=TextField("Name", longest=100, hint="Stands where a claim says what set it."))
    form.row(payer_id=ChoiceField[int]("Payer", optional=True, hint="Empty: for all payers."))
    form.row(conditions=ConditionsField())
    form.heading("Then")
    form.row(
        act=ChoiceField("Do", [(key, ACTS[act]) for key, act in _ACTS.items()], _SET),
        field=ChoiceField("Set", list(SETS.items()), optional=False),
    )
    form.row(value=TextField("To", longest=80), who=ChoiceField[str]("To"))
    form.row(
        message=TextField(
            "What it says", longest=300, hint="Why it holds or warns, and what to look at."
        )
    )
    form.heading("In force")
    form.row(
        valid_from=DateField("From", today=today, hint="By the day of service, not of sending."),
        valid_to=DateField("To", today=today, optional=True, hint="Empty: without an end."),
    )
    form.row(active=CheckField("In use", value=True, hint="Off: it does nothing."))
    for name in ("act", "field"):
        form.field(name).changed.connect(partial(_follow, form))
    _follow(form)


def blank(today: Today) -> RuleFields:
    """Return an empty rule that begins today."""
    return RuleFields("", _ACTS[_SET], (), today(), field="modifiers")


def put(form: Form, fields: RuleFields) -> None:
    """Show a rule in the form."""
    chosen = fields.field in _WHO
    shown: dict[str, Any] = {
        **{name: getattr(fields, name) for name in (*_PLAIN, "active")},
        "act": fields.act.value,
        "field": fields.field or None,
        "value": "" if chosen else fields.value,
        "who": fields.value if chosen else None,
    }
    for name, value in shown.items():
        set_field(form.field(name), value)
    _follow(form)


def take(form: Form, base: RuleFields) -> RuleFields:
    """Return ``base`` with what stands in the form."""
    typed: dict[str, Any] = {
        name: field_value(form.field(name)) for name in (*_PLAIN, "act", "value", "who", "active")
    }
    key, who, value = typed.pop("act"), typed.pop("who"), typed.pop("value")
    sets = key == _SET
    field = typed.pop("field") or ""
    return replace(
        base,
        **typed,
        act=_ACTS[key or _SET],
        field=field if sets else "",
        value=((who or "") if field in _WHO else value) if sets else "",
    )


def options(work: Work) -> Options:
    """Return what can be chosen: payers, clinicians, locations."""
    known_payers = [(row.id, row.fields.short_name) for row in payers(work)]
    clinicians = [(str(row.id), row.fields.name) for row in providers(work)]
    places = [(str(row.id), row.fields.name) for row in locations(work)]
    named = {
        "payer": [(str(key), word) for key, word in known_payers],
        "rendering": clinicians,
        "location": places,
    }
    return {
        "payer_id": known_payers,
        "who": [_OWN, (NONE, "Nobody, or no number"), *clinicians],
        "conditions": [
            ((field, value), word) for field, pairs in named.items() for value, word in pairs
        ],
    }


def _follow(form: Form) -> None:
    """Show what belongs to what the rule does."""
    sets = field_value(form.field("act")) == _SET
    field = field_value(form.field("field")) or ""
    shown = {
        "field": sets,
        "value": sets and field not in _WHO,
        "who": sets and field in _WHO,
        "message": not sets,
    }
    for name, on in shown.items():
        form.field(name).setVisible(on)
    form.field("value").set_hint(_HINTS.get(field, ""))
