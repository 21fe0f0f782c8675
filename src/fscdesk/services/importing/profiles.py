"""Mappings that a person made by hand: kept, listed, thrown away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from fscdesk.models.import_batch import ImportProfile
from fscdesk.models.staff import Staff
from fscdesk.services.audit import record
from fscdesk.services.errors import Problem
from fscdesk.services.importing.mapping import Profile, missing
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class SavedProfile:
    """A mapping with its record: who saved it, and when (UTC)."""

    id: int
    profile: Profile
    saved_by: str
    saved_at: datetime


def list_profiles(work: Work) -> tuple[SavedProfile, ...]:
    """Return every saved mapping, by name."""
    rows = work.db.execute(
        select(ImportProfile, Staff.name)
        .join(Staff, Staff.id == ImportProfile.saved_by)
        .order_by(ImportProfile.name)
    )
    return tuple(
        SavedProfile(kept.id, Profile.from_dict(kept.mapping), name, kept.saved_at)
        for kept, name in rows
    )


def saved_profiles(work: Work) -> tuple[Profile, ...]:
    """Return the mappings as recognising needs them."""
    kept = work.db.scalars(select(ImportProfile.mapping).order_by(ImportProfile.name))
    return tuple(Profile.from_dict(mapping) for mapping in kept)


def save_profile(work: Work, profile: Profile) -> Profile:
    """Keep a mapping under its name; one for the same headings is replaced.

    Returns the mapping as it was kept. Raises Problem when a required field is not mapped, the
    name is missing, or another mapping has it.
    """
    require(work, Right.IMPORT_FILES, "save a mapping")
    profile = replace(profile, name=" ".join(profile.name.split()))
    if not profile.name or len(profile.name) > LONGEST_NAME:
        raise Problem(
            f"A mapping needs a name of at most {LONGEST_NAME} letters.",
            hint="Nothing was saved. Give it a name that says where the file comes from.",
        )
    lacking = missing(profile)
    if lacking:
        raise Problem(
            f"The mapping does not say where to find: {'; '.join(lacking)}.",
            hint="Nothing was saved. Choose a column for each of them.",
        )
    same = select(ImportProfile).where(ImportProfile.signature == profile.signature)
    kept = work.db.scalar(same)
    taken = select(ImportProfile.id).where(
        ImportProfile.name == profile.name, ImportProfile.signature != profile.signature
    )
    if work.db.scalar(taken) is not None:
        raise Problem(
            f"Another mapping is called “{profile.name}”.",
            hint="Nothing was saved. Give this one a name of its own.",
        )
    if kept is None:
        kept = ImportProfile(signature=profile.signature)
        work.db.add(kept)
    before = getattr(kept, "mapping", None) or {}
    kept.name, kept.mapping = profile.name, profile.as_dict()
    kept.saved_by, kept.saved_at = work.actor.staff_id, work.now()
    work.db.flush()
    record(
        work,
        "save_mapping",
        "import_profile",
        kept.id,
        name=profile.name,
        old=before.get("columns", {}),
        new=profile.columns,
    )
    work.touch(Topic.IMPORTS)
    return profile


def delete_profile(work: Work, profile_id: int) -> str:
    """Throw a mapping away and return its name; what was imported by it stays."""
    require(work, Right.IMPORT_FILES, "delete a mapping")
    kept = work.db.get(ImportProfile, profile_id, with_for_update=True)  # or both would win
    if kept is None:
        raise Problem("This mapping is gone already.", hint="Nothing was changed.")
    name = kept.name
    record(work, "delete_mapping", "import_profile", profile_id, name=name, old=kept.mapping)
    work.db.delete(kept)
    work.db.flush()
    work.touch(Topic.IMPORTS)
    return name
