"""Clinicians: what goes on a claim, and the spellings under which imports know them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from fscdesk.models.provider import Provider, ProviderAlias
from fscdesk.services.audit import record
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_version,
    text_of,
    values_of,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.patients.names import alias_key, sort_name
from fscdesk.services.permissions import Right, require
from fscdesk.services.setup.numbers import npi_of, taxonomy_of
from fscdesk.services.work import Topic, Work

_DOING = "change clinicians"


@dataclass(frozen=True, slots=True)
class ProviderFields:
    """What a person types of a clinician. ``simplepractice_id`` is SimplePractice's own id.

    First and last name are how claims spell the name, empty where it follows from ``name``.
    """

    name: str
    credentials: str = ""
    npi: str = ""
    taxonomy: str = ""
    licence: str = ""
    simplepractice_id: str = ""
    supervisor_id: int | None = None
    first_name: str = ""
    last_name: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling that means a clinician or a payer."""

    id: int
    shown: str
    from_import: bool


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A clinician as Setup shows him."""

    id: int
    fields: ProviderFields
    supervisor: str
    aliases: tuple[Spelling, ...]
    version: int


def providers(work: Work) -> tuple[ProviderRow, ...]:
    """Return every clinician by last name, inactive ones last."""
    aliases: dict[int, list[Spelling]] = {}
    for one in work.db.scalars(select(ProviderAlias).order_by(ProviderAlias.id)):
        known = aliases.setdefault(one.provider_id, [])
        known.append(Spelling(one.id, one.shown, one.batch_id is not None))
    found = list(work.db.scalars(select(Provider)))
    names = {one.id: one.name for one in found}
    rows = [
        ProviderRow(
            id=one.id,
            fields=_fields(one),
            supervisor=names.get(one.supervisor_id or 0, ""),
            aliases=tuple(aliases.get(one.id, ())),
            version=one.version,
        )
        for one in found
    ]
    return tuple(
        sorted(rows, key=lambda row: (not row.fields.active, sort_name(row.fields.name), row.id))
    )


def add_provider(work: Work, fields: ProviderFields) -> int:
    """Add a clinician and return the id. His name becomes a spelling that imports know."""
    require(work, Right.CHANGE_SETUP, _DOING)
    values = _checked(work, fields, but=None)
    new_id = recorded_new(work, Provider(**values), values, action="add_provider", noun="provider")
    key = alias_key(fields.name)
    if work.db.scalar(select(ProviderAlias.id).where(ProviderAlias.alias == key)) is None:
        work.db.add(ProviderAlias(alias=key, shown=str(values["name"]), provider_id=new_id))
        work.db.flush()
    work.touch(Topic.PROVIDERS)
    return new_id


def edit_provider(
    work: Work, provider_id: int, fields: ProviderFields, *, expected_version: int
) -> None:
    """Change a clinician; one who left is made inactive, never deleted."""
    require(work, Right.CHANGE_SETUP, _DOING)
    row = locked(work, Provider, provider_id, "this clinician")
    require_version(row, expected_version, "this clinician")
    values = _checked(work, fields, but=provider_id)
    if apply_changes(work, row, values, action="edit_provider", noun="provider"):
        work.touch(Topic.PROVIDERS)


def add_provider_alias(work: Work, provider_id: int, shown: str) -> int:
    """Let a spelling mean this clinician. Raises Problem when it means another."""
    require(work, Right.CHANGE_SETUP, _DOING)
    locked(work, Provider, provider_id, "this clinician")
    text = text_of(shown, "the spelling", required=True)
    key = alias_key(text)
    taken = work.db.scalar(
        select(Provider.name)
        .join(ProviderAlias, ProviderAlias.provider_id == Provider.id)
        .where(ProviderAlias.alias == key)
    )
    if taken is not None:
        raise Problem(
            f"{text} means {taken} already.", hint="Nothing was saved. Remove it there first."
        )
    row = ProviderAlias(alias=key, shown=text, provider_id=provider_id)
    told = {"shown": text, "provider_id": provider_id}
    new_id = recorded_new(work, row, told, action="add_alias", noun="provider_alias")
    work.touch(Topic.PROVIDERS)
    return new_id


def remove_provider_alias(work: Work, alias_id: int, *, of_provider: int) -> None:
    """Let a spelling no longer mean this clinician; the next import asks who it is."""
    require(work, Right.CHANGE_SETUP, _DOING)
    row = work.db.get(ProviderAlias, alias_id, with_for_update=True, populate_existing=True)
    if row is None or row.provider_id != of_provider:
        raise ChangedElsewhere(
            "Someone else removed this spelling first.", hint="Look at the list again."
        )
    shown = row.shown
    work.db.delete(row)
    work.db.flush()
    old = {"shown": shown, "provider_id": of_provider}
    record(work, "remove_alias", "provider_alias", alias_id, old=old)
    work.touch(Topic.PROVIDERS)


def _checked(work: Work, fields: ProviderFields, *, but: int | None) -> dict[str, object]:
    theirs = text_of(fields.simplepractice_id, "the SimplePractice id", longest=24) or None
    if theirs is not None:
        taken = select(Provider.name).where(
            Provider.simplepractice_id == theirs, Provider.id != (but or 0)
        )
        other = work.db.scalar(taken)
        if other is not None:
            raise Problem(f"{other} has the SimplePractice id {theirs}.", hint="Nothing was saved.")
    if fields.supervisor_id is not None:
        if fields.supervisor_id == but:
            raise Problem("Nobody supervises himself.", hint="Nothing was saved.")
        locked(work, Provider, fields.supervisor_id, "the supervisor")
    return {
        **values_of(fields),
        "name": text_of(fields.name, "the name", required=True),
        "credentials": text_of(fields.credentials, "the credentials"),
        "npi": npi_of(fields.npi),
        "taxonomy": taxonomy_of(fields.taxonomy),
        "licence": text_of(fields.licence, "the licence"),
        "first_name": text_of(fields.first_name, "the first name", longest=35),
        "last_name": text_of(fields.last_name, "the last name", longest=60),
        "simplepractice_id": theirs,
    }


def _fields(row: Provider) -> ProviderFields:
    return ProviderFields(
        name=row.name,
        credentials=row.credentials,
        npi=row.npi,
        taxonomy=row.taxonomy,
        licence=row.licence,
        simplepractice_id=row.simplepractice_id or "",
        supervisor_id=row.supervisor_id,
        first_name=row.first_name,
        last_name=row.last_name,
        active=row.active,
    )
