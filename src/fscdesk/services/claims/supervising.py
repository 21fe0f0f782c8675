"""Who supervises a clinician on a day, and what the practice's own rules say of claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from fscdesk.models.claim_rule import Supervision
from fscdesk.models.provider import Provider
from fscdesk.models.session import Session
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.payer_rules import RuleSaid, read_rules, said_of
from fscdesk.services.id_sets import among
from fscdesk.services.work import Work


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
    return {
        claim_id: said_of(
            rules,
            one,
            {
                line.position: supervisors.of(one.rendering.id, line.service_day)
                for line in one.lines
            },
            locations,
        )
        for claim_id, one in claims.items()
    }
