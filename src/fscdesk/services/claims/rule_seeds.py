"""The claim rules that a new practice starts with; it can change, switch off, or add to them.

They come from ``resources/seeds/claim_rules.csv``, where conditions are written as people say
them: ``place_of_service one_of 02 10; public_program one_of no``.
"""

from __future__ import annotations

import csv
from datetime import date

from sqlalchemy.orm import Session as DbSession

from fscdesk.models.claim_rule import ClaimRule, RuleAct
from fscdesk.resources import resource
from fscdesk.services.claims.payer_rules import FIELDS, TESTS, Condition


def plant_rules(db: DbSession) -> None:
    """Add the shipped rules to an empty practice; the caller commits."""
    with resource("seeds/claim_rules.csv").open(encoding="utf-8", newline="") as lines:
        for position, row in enumerate(csv.DictReader(lines), start=1):
            conditions = [_condition(one).kept() for one in row["conditions"].split(";")]
            db.add(
                ClaimRule(
                    name=row["name"],
                    payer_id=None,
                    position=position,
                    conditions={"all": conditions},
                    act=RuleAct(row["act"]),
                    field=row["field"],
                    value=row["value"],
                    message=row["message"],
                    valid_from=date.fromisoformat(row["valid_from"]),
                    valid_to=None,
                )
            )


def _condition(text: str) -> Condition:
    field, test, *values = text.split()
    if field not in FIELDS or test not in TESTS:
        message = f"no condition of a rule: {text}"
        raise ValueError(message)
    return Condition(field, test, tuple(values))
