"""How much each rule of the scrubber weighs in this practice, and who supervises whom when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.claim import Severity
from fscdesk.models.claim_rule import RuleSeverity, Supervision
from fscdesk.models.provider import Provider
from fscdesk.services.audit import record
from fscdesk.services.claims.scrub.rule_sentences import SENTENCES
from fscdesk.services.claims.scrub.rules import RULES
from fscdesk.services.claims.scrubbing import rescrub, severities
from fscdesk.services.editing import (
    apply_changes,
    changed_elsewhere,
    locked,
    recorded_new,
    require_unchanged,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

SEVERITY_WORDS: Final = {
    Severity.STOPS: "Stops the claim",
    Severity.WARNS: "Warns",
    Severity.TELLS: "Only tells",
}
_NOTHING: Final = "Nothing was saved."


@dataclass(frozen=True, slots=True)
class Weight:
    """A rule of the scrubber with what it weighs here; ``now`` None: it is off.

    ``asks`` says what it asks of a claim, ``guards`` names the segment and the box. A ``fixed``
    rule keeps its weight.
    """

    rule: str
    number: int
    title: str
    guards: str
    usual: Severity
    now: Severity | None
    fixed: bool
    asks: str = ""


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """Who supervises whom from when to when; ``valid_to`` None: without an end."""

    id: int
    provider_id: int
    provider: str
    supervisor_id: int
    supervisor: str
    valid_from: date
    valid_to: date | None


def rule_weights(work: Work) -> tuple[Weight, ...]:
    """Return every rule of the scrubber in its order, with what it weighs here."""
    own = severities(work)
    return tuple(
        Weight(
            code,
            one.number,
            one.title,
            one.guards,
            one.severity,
            one.severity if one.fixed else own.get(code, one.severity),
            one.fixed,
            SENTENCES.get(code, ""),
        )
        for code, one in RULES.items()
    )


def set_weight(work: Work, rule: str, new: Severity | None, *, seen: Severity | None) -> None:
    """Let a rule weigh ``new`` here, None: switch it off. ``seen`` is what the person saw.

    Claims that wait to be sent are checked again. Raises Problem for a rule without which no
    valid claim can be written.
    """
    require(work, Right.CHANGE_SETUP, "change what the checks of claims weigh")
    known = RULES.get(rule)
    if known is None:
        raise Problem(f"There is no rule {rule}.", hint=_NOTHING)
    if known.fixed:
        raise Problem(
            f"{known.title}: without this no claim can be written.",
            hint=f"{_NOTHING} It always stops a claim.",
        )
    row = work.db.get(RuleSeverity, rule, with_for_update=True, populate_existing=True)
    now = known.severity if row is None else row.severity
    if now is not seen:
        raise changed_elsewhere(known.title)
    if now is new:
        return
    if row is not None and new is known.severity:
        work.db.delete(row)
    else:
        work.db.merge(RuleSeverity(rule=rule, severity=new))
    work.db.flush()
    old, to = (None if one is None else one.value for one in (now, new))
    record(work, "set_rule_severity", "rule_severity", None, rule=rule, old=old, new=to)
    rescrub(work)
    work.touch(Topic.CLAIMS, Topic.SETTINGS)


def supervisions(work: Work) -> tuple[SupervisionRow, ...]:
    """Return every supervision with dates: by clinician, the newest first."""
    people = {row.id: row.name for row in work.db.execute(select(Provider.id, Provider.name))}
    rows = [_row(one, people) for one in work.db.scalars(select(Supervision))]
    newest = sorted(rows, key=lambda one: (one.valid_from, one.id), reverse=True)
    return tuple(sorted(newest, key=lambda one: one.provider))


def add_supervision(
    work: Work,
    provider_id: int,
    supervisor_id: int,
    valid_from: date,
    valid_to: date | None = None,
) -> int:
    """Say who supervises a clinician from a day on, and return the id.

    Claims that are built from then on follow. Raises Problem where somebody supervises the
    clinician on one of these days already.
    """
    require(work, Right.CHANGE_SETUP, "change who supervises whom")
    locked(work, Provider, provider_id, "this clinician")
    if work.db.get(Provider, supervisor_id) is None or provider_id == supervisor_id:
        raise Problem(
            "A clinician is supervised by another one.", hint=f"{_NOTHING} Choose the supervisor."
        )
    _require_free(work, provider_id, valid_from, valid_to)
    values = {
        "provider_id": provider_id,
        "supervisor_id": supervisor_id,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    row = Supervision(**values)
    new_id = recorded_new(work, row, values, action="add_supervision", noun="supervision")
    _touched(work, provider_id)
    return new_id


def end_supervision(work: Work, seen: SupervisionRow, last_day: date) -> None:
    """Let a supervision end with ``last_day``, the last day on which it holds."""
    require(work, Right.CHANGE_SETUP, "change who supervises whom")
    row = locked(work, Supervision, seen.id, "this supervision")
    people = {seen.provider_id: seen.provider, seen.supervisor_id: seen.supervisor}
    require_unchanged(_row(row, people), seen, "this supervision")
    if last_day < row.valid_from:
        raise Problem(
            f"It begins on {row.valid_from:%m/%d/%Y}, so it cannot end on {last_day:%m/%d/%Y}.",
            hint=f"{_NOTHING} Choose a later day.",
        )
    values = {"valid_to": last_day}
    if apply_changes(work, row, values, action="end_supervision", noun="supervision"):
        _touched(work, row.provider_id)


def _require_free(work: Work, provider_id: int, start: date, end: date | None) -> None:
    if end is not None and end < start:
        raise Problem(
            f"It would end on {end:%m/%d/%Y}, before it begins on {start:%m/%d/%Y}.",
            hint=f"{_NOTHING} Change one of the two days.",
        )
    for row in work.db.scalars(select(Supervision).where(Supervision.provider_id == provider_id)):
        if row.valid_from <= (end or date.max) and start <= (row.valid_to or date.max):
            raise Problem(
                f"Somebody supervises this clinician from {row.valid_from:%m/%d/%Y} on"
                + (f" to {row.valid_to:%m/%d/%Y}." if row.valid_to else "."),
                hint=f"{_NOTHING} End that supervision first, or choose other days.",
            )


def _row(row: Supervision, people: dict[int, str]) -> SupervisionRow:
    return SupervisionRow(
        row.id,
        row.provider_id,
        people.get(row.provider_id, ""),
        row.supervisor_id,
        people.get(row.supervisor_id, ""),
        row.valid_from,
        row.valid_to,
    )


def _touched(work: Work, provider_id: int) -> None:
    rescrub(work, provider_id=provider_id)
    work.touch(Topic.CLAIMS, Topic.PROVIDERS)
