"""Saved views: a list's filters and sort under a name, a person's own or the office's.

Built-in views are not stored here; each list knows its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from fscdesk.models.setting import SavedView
from fscdesk.models.staff import Staff
from fscdesk.services.audit import record
from fscdesk.services.editing import text_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.work import Topic, Work

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class StoredView:
    """A view of a screen. ``mine``: the person at the desk may change it."""

    id: int
    screen: str
    name: str
    state: Mapping[str, Any]
    shared: bool
    mine: bool
    owner: str


def views_of(work: Work, screen: str) -> tuple[StoredView, ...]:
    """Return a person's own views of a screen and those that others share, by name."""
    found = work.db.execute(
        select(SavedView, Staff.name)
        .join(Staff, Staff.id == SavedView.staff_id)
        .where(
            SavedView.screen == screen,
            or_(SavedView.staff_id == work.actor.staff_id, SavedView.shared.is_(True)),
        )
    )
    rows = [_stored(work, view, owner) for view, owner in found]
    return tuple(sorted(rows, key=lambda view: (view.name.casefold(), view.id)))


def save_view(
    work: Work, screen: str, name: str, state: Mapping[str, Any], *, shared: bool = False
) -> StoredView:
    """Store a new view and return it. Raises Problem when the person has one of that name."""
    called = _free_name(work, screen, name, but=0)
    view = SavedView(
        screen=screen,
        name=called,
        staff_id=work.actor.staff_id,
        shared=shared,
        state=dict(state),
    )
    work.db.add(view)
    work.db.flush()
    if shared:
        record(work, "share_view", "saved_view", view.id, screen=screen, name=called)
    work.touch(Topic.VIEWS)
    return _stored(work, view, work.actor.name)


def change_view(work: Work, view_id: int, state: Mapping[str, Any]) -> StoredView:
    """Keep other filters under the same name."""
    view = _own(work, view_id)
    view.state = dict(state)
    return _changed(work, view)


def rename_view(work: Work, view_id: int, name: str) -> StoredView:
    """Give a view another name."""
    view = _own(work, view_id)
    view.name = _free_name(work, view.screen, name, but=view_id)
    return _changed(work, view)


def share_view(work: Work, view_id: int, *, shared: bool) -> StoredView:
    """Show a view to the whole office, or to oneself alone again."""
    view = _own(work, view_id)
    if view.shared != shared:
        view.shared = shared
        action = "share_view" if shared else "unshare_view"
        record(work, action, "saved_view", view_id, screen=view.screen, name=view.name)
    return _changed(work, view)


def delete_view(work: Work, view_id: int) -> None:
    """Delete a view; what it found stays in the books."""
    view = _own(work, view_id)
    if view.shared:
        record(work, "delete_view", "saved_view", view_id, screen=view.screen, name=view.name)
    work.db.delete(view)
    work.db.flush()
    work.touch(Topic.VIEWS)


def _own(work: Work, view_id: int) -> SavedView:
    view = work.db.get(SavedView, view_id, with_for_update=True, populate_existing=True)
    if view is None:
        raise ChangedElsewhere("This view was deleted.", hint="Nothing was changed.")
    if view.staff_id != work.actor.staff_id:
        raise Problem(
            f"The view {view.name} belongs to somebody else.",
            hint="Nothing was changed. Save it under a name of your own.",
        )
    return view


def _free_name(work: Work, screen: str, name: str, *, but: int) -> str:
    called = text_of(name, "the view's name", longest=LONGEST_NAME, required=True)
    taken = select(SavedView.id).where(
        SavedView.screen == screen,
        SavedView.name == called,
        SavedView.staff_id == work.actor.staff_id,
        SavedView.id != but,
    )
    if work.db.scalar(taken) is not None:
        raise Problem(
            f"You have a view {called} already.",
            hint="Nothing was saved. Choose another name, or change that one.",
        )
    return called


def _changed(work: Work, view: SavedView) -> StoredView:
    work.db.flush()
    work.touch(Topic.VIEWS)
    return _stored(work, view, work.actor.name)


def _stored(work: Work, view: SavedView, owner: str) -> StoredView:
    return StoredView(
        id=view.id,
        screen=view.screen,
        name=view.name,
        state=dict(view.state),
        shared=view.shared,
        mine=view.staff_id == work.actor.staff_id,
        owner=owner,
    )
