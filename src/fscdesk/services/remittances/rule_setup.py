"""Setup of remittances: what an adjustment does, by payer, group and reason.

Rules work on what is decided from then on; what is posted stays as it was posted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Automation, RemittanceRule, RuleAction
from fscdesk.services.audit import record
from fscdesk.services.billing.adjustment_rules import GROUPS, PATIENT_RESPONSIBILITY
from fscdesk.services.editing import (
    apply_changes,
    changed_elsewhere,
    locked,
    recorded_new,
    require_version,
    text_of,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.carc import carc_of
from fscdesk.services.remittances.rules import shipped_rules
from fscdesk.services.work import Topic, Work

__all__ = [
    "ACTIONS",
    "AUTOMATION",
    "RuleAction",
    "RuleFields",
    "RuleRow",
    "remittance_rules",
    "remove_rule",
    "set_rule",
]

ACTIONS: Final = {
    RuleAction.WRITE_OFF: "Write off by contract",
    RuleAction.ADJUST: "Adjust, keeping its sign",
    RuleAction.PATIENT: "The client's share",
    RuleAction.DENY: "Denied: stays with the payer",
    RuleAction.TRACK: "Only keep it",
    RuleAction.BLOCK: "Wait for a person",
}
"""What a rule does, in words."""
AUTOMATION: Final = {
    Automation.REVIEW: "Each claim waits for a look",
    Automation.ONE_CLICK: "Posts with one click",
    Automation.AUTOMATIC: "Posts when the file is read",
}
"""How much of a payer's remittances posts by itself, in words; it is kept with the payer."""
_DOING: Final = "change what remittances do"
_WHAT: Final = "this rule"
_NOTHING: Final = "Nothing was saved."


@dataclass(frozen=True, slots=True)
class RuleFields:
    """What a person types of a rule. ``payer_id`` None: for all payers; ``carc`` empty: the group.

    ``group`` is CO, PR, OA, PI or CR.
    """

    group: str
    carc: str
    action: RuleAction
    payer_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as Setup shows it; a shipped one has ``id`` 0 and cannot be changed, only overruled.

    The group of a shipped one can be ``*``: any.
    """

    id: int
    fields: RuleFields
    payer: str
    version: int

    @property
    def shipped(self) -> bool:
        """Return whether it came with the program."""
        return self.id == 0


def remittance_rules(work: Work, *, shipped: bool = True) -> tuple[RuleRow, ...]:
    """Return the rules: of payers by name, of the practice, and the shipped ones behind them."""
    rows = work.db.execute(
        select(RemittanceRule, Payer.name).outerjoin(Payer, Payer.id == RemittanceRule.payer_id)
    ).all()
    own = [
        RuleRow(
            one.id,
            RuleFields(one.group_code, one.carc, one.action, one.payer_id, one.note),
            name or "",
            one.version,
        )
        for one, name in rows
    ]
    own.sort(key=lambda row: (not row.payer, row.payer, _place(row.fields)))
    kept = [
        RuleRow(0, RuleFields(group, carc, found.action, None, found.note), "", 0)
        for (group, carc), found in shipped_rules().items()
    ]
    kept.sort(key=lambda row: _place(row.fields))
    return (*own, *(kept if shipped else ()))


def set_rule(
    work: Work, fields: RuleFields, *, rule_id: int | None = None, expected_version: int = 0
) -> int:
    """Add a rule, or change one (``rule_id`` with the version that was seen); return its id.

    Raises Problem for a group or reason that cannot be, for a client's share without group PR,
    and where another rule is for the same payer, group and reason.
    """
    require(work, Right.CHANGE_SETUP, _DOING)
    values = _checked(work, fields)
    same = work.db.scalars(select(RemittanceRule).where(RemittanceRule.key == values["key"]))
    other = same.one_or_none()
    if other is not None and other.id != rule_id:
        raise Problem(
            f"There is a rule for {_code(values)} of this payer already."
            if fields.payer_id is not None
            else f"There is a rule for {_code(values)} of all payers already.",
            hint=f"{_NOTHING} Change that one.",
        )
    if rule_id is None:
        new_id = _added(work, values)
    else:
        rule = locked(work, RemittanceRule, rule_id, _WHAT)
        require_version(rule, expected_version, _WHAT)
        apply_changes(work, rule, values, action="edit_remittance_rule", noun="remittance_rule")
        new_id = rule.id
    work.touch(Topic.REMITTANCES, Topic.SETTINGS)
    return new_id


def remove_rule(work: Work, rule_id: int, *, expected_version: int) -> None:
    """Take a rule of the practice away: the next nearest counts again."""
    require(work, Right.CHANGE_SETUP, _DOING)
    rule = locked(work, RemittanceRule, rule_id, _WHAT)
    require_version(rule, expected_version, _WHAT)
    old = {"key": rule.key, "action": rule.action.value, "note": rule.note}
    work.db.delete(rule)
    work.db.flush()
    record(work, "remove_remittance_rule", "remittance_rule", rule_id, old=old)
    work.touch(Topic.REMITTANCES, Topic.SETTINGS)


def _added(work: Work, values: dict[str, Any]) -> int:
    try:
        return recorded_new(
            work,
            RemittanceRule(**values),
            values,
            action="add_remittance_rule",
            noun="remittance_rule",
        )
    except IntegrityError as taken:
        raise changed_elsewhere("the rule for this reason") from taken


def _checked(work: Work, fields: RuleFields) -> dict[str, Any]:
    """Return a rule as it is kept, or raise Problem when it could not work."""
    if fields.payer_id is not None:
        payer = work.db.get(Payer, fields.payer_id)
        if payer is None:
            raise Problem("This payer is not in the books.", hint=_NOTHING)
    group = fields.group.strip().upper()
    if group not in GROUPS:
        raise Problem(
            f"{group or 'Nothing'} is no group of adjustments.",
            hint=f"{_NOTHING} It is one of {', '.join(sorted(GROUPS))}.",
        )
    carc = carc_of(fields.carc) if fields.carc.strip() else ""
    if carc is None:
        raise Problem(
            f"{fields.carc.strip()[:20]} is no reason code (CARC).",
            hint=f"{_NOTHING} It is like 45, 197, A1 or B7; empty for the whole group.",
        )
    if fields.action is RuleAction.PATIENT and group != PATIENT_RESPONSIBILITY:
        raise Problem(
            f"Group {group} never makes money the client's; only PR does.",
            hint=f"{_NOTHING} Choose another action.",
        )
    if fields.action is RuleAction.PATIENT and not carc:
        raise Problem(
            "A whole group cannot be the client's share: denials come with PR, too.",
            hint=f"{_NOTHING} Name the reasons one by one.",
        )
    return {
        "key": f"{fields.payer_id or ''}:{group}:{carc}",
        "payer_id": fields.payer_id,
        "group_code": group,
        "carc": carc,
        "action": fields.action,
        "note": text_of(fields.note, "the note", longest=300),
    }


def _code(values: dict[str, Any]) -> str:
    return f"{values['group_code']}-{values['carc']}" if values["carc"] else values["group_code"]


def _place(fields: RuleFields) -> tuple[str, str, int]:
    digits = "".join(mark for mark in fields.carc if mark.isdigit())
    letters = "".join(mark for mark in fields.carc if not mark.isdigit())
    return fields.group, letters, int(digits or 0)
