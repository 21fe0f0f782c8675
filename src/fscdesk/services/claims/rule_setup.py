"""The practice's claim rules: list, add, change, order, switch.

A rule works on claims that are built from then on; what holds or warns also looks at the claims
that wait to be sent, at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select

from fscdesk.models.claim_rule import ClaimRule, RuleAct
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.services.audit import record
from fscdesk.services.claims.payer_rules import (
    FIELDS,
    NONE,
    NUMBERS,
    OWN_SUPERVISOR,
    SETS,
    TESTS,
    Condition,
    conditions_of,
)
from fscdesk.services.claims.scrubbing import rescrub
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_unchanged,
    require_version,
    text_of,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

ACTS: Final = {
    RuleAct.SET: "Set a field",
    RuleAct.HOLD: "Hold the claim",
    RuleAct.WARN: "Warn",
}
_DOING: Final = "change the claim rules"
_WHAT: Final = "this rule"
_NOTHING: Final = "Nothing was saved."
_MODIFIERS: Final = re.compile(
    r"([+-][0-9A-Z]{2}( [+-][0-9A-Z]{2})*|[0-9A-Z]{2}( [0-9A-Z]{2}){0,3})"
)
_PLACE: Final = re.compile(r"[0-9]{2}", re.ASCII)
_LONGEST_NOTE: Final = 80
_BARE: Final = ("empty", "not_empty")
_BOUNDS: Final = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class RuleFields:
    """What a person types of a rule. ``payer_id`` None: for all payers.

    ``field`` and ``value`` are what SET writes (``payer_rules.SETS``), ``message`` what HOLD and
    WARN say. ``valid_to`` None: it has no end.
    """

    name: str
    act: RuleAct
    conditions: tuple[Condition, ...]
    valid_from: date
    valid_to: date | None = None
    payer_id: int | None = None
    field: str = ""
    value: str = ""
    message: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule as Setup shows it; ``words`` says all of it in a sentence."""

    id: int
    position: int
    fields: RuleFields
    payer: str
    words: str
    version: int


def claim_rules(work: Work) -> tuple[RuleShown, ...]:
    """Return all rules in the order in which they run, those that are off included."""
    names = _names(work)
    rows = work.db.execute(
        select(ClaimRule, Payer.name)
        .outerjoin(Payer, Payer.id == ClaimRule.payer_id)
        .order_by(ClaimRule.position, ClaimRule.id)
    )
    found = []
    for row, payer in rows:
        fields = RuleFields(
            name=row.name,
            act=row.act,
            conditions=conditions_of(row.conditions),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            payer_id=row.payer_id,
            field=row.field,
            value=row.value,
            message=row.message,
            active=row.active,
        )
        words = in_words(fields, names, payer or "")
        found.append(RuleShown(row.id, row.position, fields, payer or "", words, row.version))
    return tuple(found)


def in_words(fields: RuleFields, names: dict[tuple[str, str], str], payer: str = "") -> str:
    """Return a rule in a sentence; ``names`` are names by field and id."""
    parts = [_condition_words(one, names) for one in fields.conditions]
    when = f"When {' and '.join(parts)}" if parts else "Always"
    whose = f", for {payer}" if payer else ""
    if fields.act is not RuleAct.SET:
        return f"{when}{whose}: {'hold' if fields.act is RuleAct.HOLD else 'warn'}."
    value = names.get((fields.field, fields.value), fields.value)
    value = {OWN_SUPERVISOR: "the clinician’s supervisor", NONE: "nothing"}.get(value, value)
    return f"{when}{whose}: {SETS[fields.field].lower()} {value}."


def add_rule(work: Work, fields: RuleFields) -> int:
    """Add a rule behind the others, and return its id."""
    require(work, Right.CHANGE_SETUP, _DOING)
    values = _checked(work, fields)
    last = work.db.scalar(select(func.max(ClaimRule.position))) or 0
    rule = ClaimRule(position=last + 1, **values)
    new_id = recorded_new(work, rule, values, action="add_claim_rule", noun="claim_rule")
    _changed(work)
    return new_id


def edit_rule(work: Work, rule_id: int, fields: RuleFields, *, expected_version: int) -> None:
    """Change a rule; claims that are built keep what it has set."""
    require(work, Right.CHANGE_SETUP, _DOING)
    rule = locked(work, ClaimRule, rule_id, _WHAT)
    require_version(rule, expected_version, _WHAT)
    values = _checked(work, fields)
    if apply_changes(work, rule, values, action="edit_claim_rule", noun="claim_rule"):
        _changed(work)


def switch_rule(work: Work, rule_id: int, *, on: bool, expected_version: int) -> None:
    """Let a rule work or not."""
    require(work, Right.CHANGE_SETUP, _DOING)
    rule = locked(work, ClaimRule, rule_id, _WHAT)
    require_version(rule, expected_version, _WHAT)
    if apply_changes(work, rule, {"active": on}, action="switch_claim_rule", noun="claim_rule"):
        _changed(work)


def order_rules(work: Work, wanted: Sequence[int]) -> None:
    """Let the rules run in this order, which names each of them once."""
    require(work, Right.CHANGE_SETUP, _DOING)
    rules = {
        one.id: one
        for one in work.db.scalars(select(ClaimRule).order_by(ClaimRule.id).with_for_update())
    }
    require_unchanged(sorted(rules), sorted(wanted), "these rules")
    now = sorted(rules.values(), key=lambda one: (one.position, one.id))
    before = [one.id for one in now]
    if before == list(wanted):
        return
    for position, one in enumerate(wanted, start=1):
        rules[one].position = position
    work.db.flush()
    record(work, "order_claim_rules", "claim_rule", None, old=before, new=list(wanted))
    _changed(work)


def _changed(work: Work) -> None:
    rescrub(work)
    work.touch(Topic.CLAIMS, Topic.SETTINGS)


def _checked(work: Work, fields: RuleFields) -> dict[str, Any]:
    """Return a rule as it is kept, or raise Problem when it could not work."""
    if fields.payer_id is not None and work.db.get(Payer, fields.payer_id) is None:
        raise Problem("This payer is not in the books.", hint=_NOTHING)
    if fields.valid_to is not None and fields.valid_to < fields.valid_from:
        raise Problem(
            f"The rule would end on {fields.valid_to:%m/%d/%Y}, before it begins on "
            f"{fields.valid_from:%m/%d/%Y}.",
            hint=f"{_NOTHING} Change one of the two days.",
        )
    for one in fields.conditions:
        _require_condition(one)
    sets = fields.act is RuleAct.SET
    message = text_of(fields.message, "what the rule says", longest=300, required=not sets)
    return {
        "name": text_of(fields.name, "the name of the rule", longest=100, required=True),
        "payer_id": fields.payer_id,
        "conditions": {"all": [one.kept() for one in fields.conditions]},
        "act": fields.act,
        "field": fields.field if sets else "",
        "value": _value(work, fields) if sets else "",
        "message": message,
        "valid_from": fields.valid_from,
        "valid_to": fields.valid_to,
        "active": fields.active,
    }


def _require_condition(one: Condition) -> None:
    if one.field not in FIELDS or one.test not in TESTS:
        raise Problem(
            f"A rule cannot look whether {one.field or 'nothing'} {one.test or 'is nothing'}.",
            hint=f"{_NOTHING} Choose the field and what it is compared with from the lists.",
        )
    field = FIELDS[one.field].lower()
    if one.test not in _BARE and not any(value.strip() for value in one.values):
        raise Problem(
            f"Nothing says what {field} is compared with.", hint=f"{_NOTHING} Type it first."
        )
    values = [value.strip() for value in one.values if value.strip()]
    if one.test in _BOUNDS and (one.field not in NUMBERS or not values[0].isdecimal()):
        raise Problem(
            f"Whether {field} {TESTS[one.test]} something cannot be said here.",
            hint=f"{_NOTHING} Units, coverage and age are compared with a whole number.",
        )


def _value(work: Work, fields: RuleFields) -> str:
    """Return what SET writes, as it is kept."""
    value = " ".join(fields.value.split())
    if fields.field not in SETS:
        raise Problem(
            f"A rule cannot set {fields.field or 'nothing'}.",
            hint=f"{_NOTHING} Choose what it sets from the list.",
        )
    if fields.field == "note":
        return text_of(value, "the note of the claim", longest=_LONGEST_NOTE, required=True)
    if fields.field == "modifiers" and _MODIFIERS.fullmatch(value.upper()):
        return value.upper()
    if fields.field == "place_of_service" and _PLACE.fullmatch(value):
        return value
    if fields.field == "authorization" and value == NONE:
        return value
    people = fields.field in ("supervising", "rendering")
    if people and (value == OWN_SUPERVISOR or (value == NONE and fields.field == "supervising")):
        return value
    if people and value.isdecimal() and work.db.get(Provider, int(value)) is not None:
        return value
    raise Problem(
        f"{SETS[fields.field]} cannot be set to {value or 'nothing'}.", hint=_HINTS[fields.field]
    )


_HINTS: Final = {
    "modifiers": f"{_NOTHING} Write +95 to add, -95 to take away, or all of them like HO 95.",
    "place_of_service": f"{_NOTHING} It has two digits, like 11, 02 or 10.",
    "authorization": f"{_NOTHING} A rule can only leave the number out.",
    "supervising": f"{_NOTHING} Choose a clinician, the clinician’s own supervisor, or nobody.",
    "rendering": f"{_NOTHING} Choose a clinician, or the clinician’s own supervisor.",
}


def _condition_words(one: Condition, names: dict[tuple[str, str], str]) -> str:
    values = ", ".join(names.get((one.field, value), value) for value in one.values)
    return f"{FIELDS[one.field].lower()} {TESTS[one.test]} {values}".strip()


def _names(work: Work) -> dict[tuple[str, str], str]:
    """Return the names of payers and clinicians that conditions and values mean by their ids."""
    found = {
        ("payer", str(row.id)): row.name for row in work.db.execute(select(Payer.id, Payer.name))
    }
    for row in work.db.execute(select(Provider.id, Provider.name)):
        for field in ("rendering", "supervising"):
            found[field, str(row.id)] = row.name
    return found
