"""Who supervises a clinician on a day, and what the practice's own rules say of claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import ClaimChange
from fscdesk.models.claim_rule import RuleAct, Supervision
from fscdesk.models.provider import Provider
from fscdesk.models.session import Session
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.payer_rules import RuleRow, RuleSaid, read_rules, said_of
from fscdesk.services.id_sets import among, among_words
from fscdesk.services.work import Work

WARNED: Final = "warning"
"""As what a change of a claim keeps a warning of a rule that a later rule has overtaken."""


class Supervisors:
    """Every supervision of the practice, read once."""

    def __init__(self, work: Work) -> None:
        self._usual = {
            row.id: row.supervisor_id
            for row in work.db.execute(select(Provider.id, Provider.supervisor_id))
        }
        self._dated: dict[int, list[Supervision]] = defaultdict(list)
        for row in work.db.scalars(
            select(Supervision).order_by(Supervision.valid_from.desc(), Supervision.id.desc())
        ):
            self._dated[row.provider_id].append(row)

    def of(self, provider_id: int, day: date) -> int | None:
        """Return who supervises a clinician on a day.

        A supervision with dates goes before the supervisor in the clinician's record; where two
        overlap, the one that began last.
        """
        for row in self._dated.get(provider_id, ()):
            if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
                return row.supervisor_id
        return self._usual.get(provider_id)


def practice_said(
    work: Work, claims: Mapping[int, ClaimContent]
) -> dict[int, tuple[RuleSaid, ...]]:
    """Return by claim what the practice's own rules hold it for (HOLD) or warn of (WARN)."""
    rules = read_rules(work)
    if not any(rule.act != "set" for rule in rules):
        return dict.fromkeys(claims, ())
    supervisors = Supervisors(work)
    sessions = {line.session_id for one in claims.values() for line in one.lines}
    rows = work.db.execute(
        select(Session.id, Session.location_id).where(among(work, Session.id, sessions))
    )
    locations = {row.id: row.location_id for row in rows}
    kept = _kept_warnings(work, claims, rules)
    return {
        claim_id: _with_kept(
            said_of(
                rules,
                one,
                {
                    line.position: supervisors.of(one.rendering.id, line.service_day)
                    for line in one.lines
                },
                locations,
            ),
            kept[claim_id],
        )
        for claim_id, one in claims.items()
    }


def _kept_warnings(
    work: Work, claims: Mapping[int, ClaimContent], rules: Sequence[RuleRow]
) -> dict[int, list[RuleSaid]]:
    """Return by claim what rules said while it was built, of lines that later rules changed."""
    warning = {rule.name: rule for rule in rules if rule.act is RuleAct.WARN}
    found: dict[int, list[RuleSaid]] = defaultdict(list)
    rows = select(ClaimChange.claim_id, ClaimChange.line, ClaimChange.source, ClaimChange.new)
    rows = rows.where(
        ClaimChange.field == WARNED,
        among(work, ClaimChange.claim_id, claims),
        among_words(work, ClaimChange.source, warning),
    )
    for row in work.db.execute(rows.order_by(ClaimChange.id)):
        rule = warning[row.source]
        there = {line.position for line in claims[row.claim_id].lines}
        line = row.line if row.line in there else None
        found[row.claim_id].append(RuleSaid(rule.id, rule.name, rule.act, row.new, line))
    return found


def _with_kept(said: tuple[RuleSaid, ...], kept: Sequence[RuleSaid]) -> tuple[RuleSaid, ...]:
    """Add what was kept, each rule once a claim."""
    told = {one.rule_id: one for one in (*kept, *said)}
    return tuple(told.values())
