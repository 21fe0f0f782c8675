"""Payers, the names under which imports know them, and the portals where claims go."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import func, select

from fscdesk.models.claim_batch import Route
from fscdesk.models.payer import Payer, PayerAlias, Portal
from fscdesk.models.remittance import Automation
from fscdesk.services.audit import record
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_unchanged,
    require_version,
    text_of,
    values_of,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.patients.names import alias_key, fold
from fscdesk.services.permissions import Right, require
from fscdesk.services.setup.numbers import state_of, zip_of
from fscdesk.services.setup.providers import Spelling
from fscdesk.services.work import Topic, Work

SHORT_NAME_LETTERS = 16
LONGEST_FILING = 3650
LONGEST_STEPS = 4000
_DOING = "change payers"
FILING_INDICATORS = {
    "CI": "Commercial",
    "BL": "Blue Cross Blue Shield",
    "HM": "HMO",
    "MB": "Medicare part B",
    "MC": "Medicaid",
    "CH": "TRICARE",
    "12": "PPO",
    "13": "Point of service",
    "14": "Exclusive provider organization",
    "15": "Indemnity",
    "16": "HMO with Medicare risk",
    "OF": "Other federal program",
    "VA": "Veterans affairs",
    "WC": "Workers' compensation",
    "AM": "Automobile medical",
    "LM": "Liability medical",
    "ZZ": "Not known yet",
}
"""What kind of payer it is (837P SBR09), in our words."""
ROUTE_WORDS = {
    Route.ELECTRONIC.value: "837P file",
    Route.PAPER.value: "CMS-1500 on paper",
    Route.PORTAL.value: "Its portal",
}
_PATTERN = re.compile(r"[A9X-]{0,40}", re.ASCII)
_CODED = re.compile(r"(.*\S)\s*\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class PayerFields:
    """What a person types of a payer.

    ``filing_days``: how long after the service a claim may be filed, ``corrected_days`` after its
    answer a corrected one, ``appeal_days`` after its denial an appeal; None where not known.
    ``accepts_assignment``: the practice takes what this payer allows as the price (box 27).
    ``member_id_pattern`` is how its member ids look: ``A`` a letter, ``9`` a digit, ``X`` either.
    ``automation`` is how much of its remittances posts without a person's word.
    """

    name: str
    short_name: str
    payer_code: str = ""
    filing_days: int | None = None
    corrected_days: int | None = None
    appeal_days: int | None = None
    route: str = Route.ELECTRONIC.value
    filing_indicator: str = "CI"
    member_id_pattern: str = ""
    needs_authorization: bool = False
    wants_referral: bool = False
    public_program: bool = False
    accepts_assignment: bool = True
    automation: str = Automation.ONE_CLICK.value
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class PortalFields:
    """Where a payer's claims are sent or looked up: by which route, in which steps."""

    name: str
    address: str = ""
    route: str = ""
    steps: str = ""


@dataclass(frozen=True, slots=True)
class PortalRow:
    """A portal of a payer; a change names the row that was seen."""

    id: int
    payer_id: int
    fields: PortalFields


@dataclass(frozen=True, slots=True)
class PayerRow:
    """A payer as Setup shows it."""

    id: int
    fields: PayerFields
    aliases: tuple[Spelling, ...]
    portals: tuple[PortalRow, ...]
    version: int


def payers(work: Work) -> tuple[PayerRow, ...]:
    """Return every payer by name, inactive ones last."""
    aliases: dict[int, list[Spelling]] = {}
    for one in work.db.scalars(select(PayerAlias).order_by(PayerAlias.id)):
        known = aliases.setdefault(one.payer_id, [])
        known.append(Spelling(one.id, one.shown, one.batch_id is not None))
    portals: dict[int, list[PortalRow]] = {}
    for portal in work.db.scalars(select(Portal).order_by(Portal.name, Portal.id)):
        portals.setdefault(portal.payer_id, []).append(_portal(portal))
    names = PayerFields.__dataclass_fields__
    rows = [
        PayerRow(
            id=one.id,
            fields=PayerFields(**{name: getattr(one, name) for name in names}),
            aliases=tuple(aliases.get(one.id, ())),
            portals=tuple(portals.get(one.id, ())),
            version=one.version,
        )
        for one in work.db.scalars(select(Payer))
    ]
    return tuple(
        sorted(rows, key=lambda row: (not row.fields.active, fold(row.fields.name), row.id))
    )


def add_payer(work: Work, fields: PayerFields) -> int:
    """Add a payer and return its id. Name and code become a spelling that imports know."""
    require(work, Right.CHANGE_SETUP, _DOING)
    values = _checked(work, fields, but=None)
    new_id = recorded_new(work, Payer(**values), values, action="add_payer", noun="payer")
    name, code = str(values["name"]), str(values["payer_code"])
    key = payer_key(name, code)
    if work.db.scalar(select(PayerAlias.id).where(PayerAlias.alias == key)) is None:
        shown = f"{name} ({code})" if code else name
        work.db.add(PayerAlias(alias=key, shown=shown, payer_id=new_id))
        work.db.flush()
    work.touch(Topic.PAYERS)
    return new_id


def edit_payer(work: Work, payer_id: int, fields: PayerFields, *, expected_version: int) -> None:
    """Change a payer; one that is not billed any more is made inactive, never deleted."""
    require(work, Right.CHANGE_SETUP, _DOING)
    row = locked(work, Payer, payer_id, "this payer")
    require_version(row, expected_version, "this payer")
    values = _checked(work, fields, but=payer_id)
    if apply_changes(work, row, values, action="edit_payer", noun="payer"):
        work.touch(Topic.PAYERS)


def payer_key(name: str, code: str) -> str:
    """Return how a payer's name and code are compared, as the import compares them."""
    return f"{alias_key(name)}|{code}"


def add_payer_alias(work: Work, payer_id: int, shown: str) -> int:
    """Let a name, with its code in the last brackets, mean this payer."""
    require(work, Right.CHANGE_SETUP, _DOING)
    locked(work, Payer, payer_id, "this payer")
    text = text_of(shown, "the name", required=True)
    coded = _CODED.fullmatch(text)
    key = payer_key(coded[1], coded[2].strip()) if coded else payer_key(text, "")
    taken = work.db.scalar(
        select(Payer.name)
        .join(PayerAlias, PayerAlias.payer_id == Payer.id)
        .where(PayerAlias.alias == key)
    )
    if taken is not None:
        raise Problem(
            f"{text} means {taken} already.", hint="Nothing was saved. Remove it there first."
        )
    row = PayerAlias(alias=key, shown=text, payer_id=payer_id)
    told = {"shown": text, "payer_id": payer_id}
    new_id = recorded_new(work, row, told, action="add_alias", noun="payer_alias")
    work.touch(Topic.PAYERS)
    return new_id


def remove_payer_alias(work: Work, alias_id: int, *, of_payer: int) -> None:
    """Let a name no longer mean this payer; the next import asks."""
    require(work, Right.CHANGE_SETUP, _DOING)
    row = work.db.get(PayerAlias, alias_id, with_for_update=True, populate_existing=True)
    if row is None or row.payer_id != of_payer:
        raise ChangedElsewhere(
            "Someone else removed this name first.", hint="Look at the list again."
        )
    old = {"shown": row.shown, "payer_id": of_payer}
    work.db.delete(row)
    work.db.flush()
    record(work, "remove_alias", "payer_alias", alias_id, old=old)
    work.touch(Topic.PAYERS)


def add_portal(work: Work, payer_id: int, fields: PortalFields) -> int:
    """Add a portal to a payer and return its id."""
    require(work, Right.CHANGE_SETUP, _DOING)
    locked(work, Payer, payer_id, "this payer")
    values = _checked_portal(fields)
    new_id = recorded_new(
        work,
        Portal(payer_id=payer_id, **values),
        {"payer_id": payer_id, **values},
        action="add_portal",
        noun="portal",
    )
    work.touch(Topic.PAYERS)
    return new_id


def edit_portal(work: Work, seen: PortalRow, fields: PortalFields) -> None:
    """Change a portal of a payer."""
    require(work, Right.CHANGE_SETUP, _DOING)
    row = locked(work, Portal, seen.id, "this portal")
    require_unchanged(_portal(row), seen, "this portal")
    if apply_changes(work, row, _checked_portal(fields), action="edit_portal", noun="portal"):
        work.touch(Topic.PAYERS)


def remove_portal(work: Work, seen: PortalRow) -> None:
    """Remove a portal; what it said stays on record."""
    require(work, Right.CHANGE_SETUP, _DOING)
    row = locked(work, Portal, seen.id, "this portal")
    require_unchanged(_portal(row), seen, "this portal")
    work.db.delete(row)
    work.db.flush()
    record(work, "remove_portal", "portal", seen.id, old=values_of(seen.fields))
    work.touch(Topic.PAYERS)


def _checked(work: Work, fields: PayerFields, *, but: int | None) -> dict[str, object]:
    name = text_of(fields.name, "the payer's name", required=True)
    short = text_of(fields.short_name, "the short name", longest=SHORT_NAME_LETTERS, required=True)
    taken = select(Payer.name).where(
        func.lower(Payer.short_name) == short.lower(), Payer.id != (but or 0)
    )
    other = work.db.scalar(taken)
    if other is not None:
        raise Problem(
            f"{other} has the short name {short}.",
            hint="Nothing was saved. Lists could not tell the two apart.",
        )
    for days in (fields.filing_days, fields.corrected_days, fields.appeal_days):
        if days is not None and not 1 <= days <= LONGEST_FILING:
            raise Problem(
                f"{days} days is not a filing limit.",
                hint="Nothing was saved. Leave it empty where it is not known.",
            )
    return {
        **values_of(fields),
        **_checked_claims(fields),
        "name": name,
        "short_name": short,
        "payer_code": text_of(fields.payer_code, "the payer code", longest=24),
    }


def _checked_claims(fields: PayerFields) -> dict[str, object]:
    """Return what stands on claims to a payer, as it is kept."""
    if fields.route not in {one.value for one in Route}:
        raise Problem(f"Claims cannot go by {fields.route}.", hint="Nothing was saved.")
    if fields.automation not in {one.value for one in Automation}:
        raise Problem(
            f"Remittances cannot be posted by {fields.automation}.", hint="Nothing was saved."
        )
    pattern = fields.member_id_pattern.strip().upper()
    if _PATTERN.fullmatch(pattern) is None:
        raise Problem(
            f"{pattern} does not say how a member id looks.",
            hint="Nothing was saved. Write A for a letter, 9 for a digit, X for either: AAA999999.",
        )
    if fields.filing_indicator not in FILING_INDICATORS:
        raise Problem(
            f"{fields.filing_indicator} is not a kind of payer.", hint="Nothing was saved."
        )
    return {
        "route": Route(fields.route),
        "automation": Automation(fields.automation),
        "member_id_pattern": pattern,
        "address1": text_of(fields.address1, "the address", longest=55),
        "address2": text_of(fields.address2, "the second line of the address", longest=55),
        "city": text_of(fields.city, "the city", longest=30),
        "state": state_of(fields.state),
        "zip_code": zip_of(fields.zip_code),
    }


def _checked_portal(fields: PortalFields) -> dict[str, str]:
    steps = fields.steps.replace("\0", "").strip()
    if len(steps) > LONGEST_STEPS:
        raise Problem(
            f"The steps have {len(steps)} letters; {LONGEST_STEPS} fit.",
            hint="Nothing was saved. Shorten them.",
        )
    return {
        "name": text_of(fields.name, "the portal's name", required=True),
        "address": text_of(fields.address, "the address", longest=400),
        "route": text_of(fields.route, "the route"),
        "steps": steps,
    }


def _portal(row: Portal) -> PortalRow:
    return PortalRow(
        row.id, row.payer_id, PortalFields(row.name, row.address, row.route, row.steps)
    )
