"""Binds a form's fields to the dataclass whose names they carry, both ways; and a rule's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

from fscdesk.services.errors import Problem
from fscdesk.ui.forms.fields import CheckField, ChoiceField, Field
from fscdesk.ui.forms.form import Form

F = TypeVar("F")
_NOTHING = ("Nothing was saved.", "Nothing was changed.")


def put(form: Form, values: Any) -> None:
    """Show a dataclass in the fields that have the names of its attributes."""
    held = form.draft()
    for one in fields(values):
        if one.name in held:
            set_field(form.field(one.name), getattr(values, one.name))


def take(form: Form, base: F) -> F:
    """Return ``base`` with what stands in the form's fields."""
    held = form.draft()
    named: Any = base
    typed = {one.name: form.field(one.name) for one in fields(named) if one.name in held}
    changed: Any = replace(named, **{name: field_value(field) for name, field in typed.items()})
    result: F = changed
    return result


def set_field(field: Field, value: Any) -> None:
    """Show a value in a field of its kind, and nothing wrong with it."""
    known: Any = field
    if isinstance(field, CheckField):
        field.set_value(value=bool(value))
    elif isinstance(field, ChoiceField):
        _choose(field, value)
    else:
        known.set_value(value)
    field.show_fault("")


def _choose(field: ChoiceField[Any], value: Any) -> None:
    """Choose a value, or nothing while it is not offered: the options may come later."""
    try:
        field.set_value(value)
    except ValueError:
        field.set_value(None)


def field_value(field: Field) -> Any:
    """Return what a field holds, in its own type."""
    known: Any = field
    return known.value()


def rule_of(check: Callable[[str], object]) -> Callable[[str], str]:
    """Make a field's rule of a service's check: its refusal is the sentence under the field."""

    def rule(text: str) -> str:
        try:
            check(text)
        except Problem as refusal:
            return sentence_of(refusal)
        return ""

    return rule


def sentence_of(refusal: Problem) -> str:
    """Return a refusal for under a field, where it goes without saying that nothing was saved."""
    hint = refusal.hint
    for words in _NOTHING:
        hint = hint.removeprefix(words).strip()
    return f"{refusal.message} {hint}".strip()
