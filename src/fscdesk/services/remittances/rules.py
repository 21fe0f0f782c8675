"""What an adjustment of a payer does to the books: by its group and reason (CARC).

The practice's own rules come before the shipped ones of ``resources/seeds/remittance_rules.csv``,
where group ``*`` is any group. The nearest decides: of the payer before that of all, a reason
before a whole group. What no rule names waits for a person.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import or_, select

from fscdesk.models.remittance import RemittanceRule, RuleAction
from fscdesk.resources import resource
from fscdesk.services.billing.adjustment_rules import PATIENT_RESPONSIBILITY
from fscdesk.services.remittances.answered import Cas
from fscdesk.services.work import Work

ANY_GROUP: Final = "*"
"""The group of a shipped rule that counts whatever the payer's group is."""
CAPITATION: Final = frozenset({"24"})
"""CARC of what a payer covers by a fixed sum: all of it comes off without money."""
BY_EARLIER_PAYER: Final = frozenset({"23"})
"""CARC of what the payers before this one have settled: no word about what is open."""
PAID_BEFORE: Final = frozenset({"B13"})
"""CARC of what this payer has paid in an earlier check: neither a denial nor the client's."""

_Key = tuple[str, str]


class Found(NamedTuple):
    """What a rule says. ``source`` is ``payer``, ``practice``, ``shipped``, or empty: no rule."""

    action: RuleAction
    note: str
    source: str = ""


_UNKNOWN: Final = Found(RuleAction.BLOCK, "No rule for this reason yet")


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules for one payer: its own, those of the practice for all payers, the shipped ones."""

    own: Mapping[_Key, Found] = field(default_factory=dict)
    practice: Mapping[_Key, Found] = field(default_factory=dict)

    def rule_of(self, cas: Cas) -> Found:
        """Return what decides about an adjustment; what no rule names blocks.

        Only group PR makes money the client's, whatever a rule says.
        """
        exact, whole = (cas.group, cas.carc), (cas.group, "")
        found = (
            self.own.get(exact)
            or self.own.get(whole)
            or self.practice.get(exact)
            or self.practice.get(whole)
            or _of_shipped(cas)
        )
        if found.action is RuleAction.PATIENT and cas.group != PATIENT_RESPONSIBILITY:
            return _UNKNOWN
        return found


def rule_book(work: Work, payer_id: int | None) -> RuleBook:
    """Return the rules for a payer; without one those that count for all."""
    own: dict[_Key, Found] = {}
    practice: dict[_Key, Found] = {}
    rows = work.db.scalars(
        select(RemittanceRule).where(
            or_(RemittanceRule.payer_id.is_(None), RemittanceRule.payer_id == payer_id)
        )
    )
    for row in rows:
        key = (row.group_code, row.carc)
        if row.payer_id is None:
            practice[key] = Found(row.action, row.note, "practice")
        else:
            own[key] = Found(row.action, row.note, "payer")
    return RuleBook(own, practice)


@cache
def shipped_rules() -> Mapping[_Key, Found]:
    """Return the shipped rules by group and reason."""
    with resource("seeds/remittance_rules.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (row["group"], row["carc"]): Found(RuleAction(row["action"]), row["note"], "shipped")
            for row in csv.DictReader(lines)
        }


def _of_shipped(cas: Cas) -> Found:
    shipped = shipped_rules()
    return (
        shipped.get((cas.group, cas.carc))
        or shipped.get((ANY_GROUP, cas.carc))
        or shipped.get((cas.group, ""))
        or shipped.get((ANY_GROUP, ""))
        or _UNKNOWN
    )
