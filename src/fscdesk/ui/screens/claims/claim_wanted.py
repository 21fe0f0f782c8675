"""Which claim a page is asked to show, and where its cursor goes once it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as by_default
from typing import Final

from fscdesk.services.claims.page_view import ClaimView
from fscdesk.ui.screens.claims.claim_page_body import FORM, ClaimBody

PLACE: Final = "claim"
_POINTED: Final = frozenset({"denied", "partially_paid", "rejected"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the next answer is for: which claim, and where its cursor goes.

    ``card`` is the card on which a claim goes again; without ``enter`` the cursor stays.
    ``drafts`` is what was typed on it before and not saved.
    """

    claim: int
    field: str = ""
    line: int | None = None
    card: bool = False
    tab: str = ""
    enter: bool = True
    drafts: Mapping[str, str] = by_default(default_factory=dict)


def put_cursor(body: ClaimBody, view: ClaimView, wanted: Wanted) -> None:
    """Go to what was asked for, else to what the payer points to, else to the first finding."""
    page = view.page
    if wanted.card and body.to_card():
        return
    if wanted.field and body.go_to([wanted.field], wanted.line):
        return
    if wanted.tab and wanted.tab != FORM:
        body.tabs.enter()
        return
    decided = {"correct", "edit"} & page.may and page.row.status.value in _POINTED
    if decided and body.go_to(page.look_at):
        return
    found = body.form.first_finding()
    if "edit" in page.may and found is not None and body.go_to([found.field], found.line):
        return
    if page.row.status.value == "rejected" and body.to_card():
        return  # nothing on the form is pointed to: what can be done stands on the card
    body.tabs.enter()
