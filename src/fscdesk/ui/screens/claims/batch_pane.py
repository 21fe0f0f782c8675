"""The pane of a batch: its claims, what came back for them, its file, and a portal's check-list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from fscdesk.services.claims.batches import BatchDetail, BatchRow, Route, batch_detail
from fscdesk.services.claims.portal_list import PortalList, portal_list
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.batch_acts import (
    BatchActs,
    why_not_again,
    why_not_back,
    why_not_saved,
)
from fscdesk.ui.screens.claims.batch_words import batch_mark, route_word, where_words
from fscdesk.ui.screens.claims.portal_page import PortalPage
from fscdesk.ui.screens.claims.wording import status_mark
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PanePage, PaneTab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import moment_text, money_text

HALF = 32
"""A hash is as wide as two lines of the pane."""


@dataclass(frozen=True)
class Seen:
    """What the pane shows: a batch, and the check-list where it went by a portal."""

    detail: BatchDetail
    portal: PortalList | None

    @property
    def row(self) -> BatchRow:
        """Return the batch itself."""
        return self.detail.row


def batch_pane(shell: Shell, acts: BatchActs) -> DetailSpec[BatchRow, Seen]:
    """Return the declaration of the pane."""
    zone = shell.practice.zone
    return DetailSpec(
        ask=_ask,
        head=partial(_head, zone, acts),
        tabs=(
            PaneTab("claims", "Claims", lambda: _opening(_claims, "Claims", partial(_open, shell))),
            PaneTab("answers", "Answers", lambda: _page(partial(_answers, zone), "Answers")),
            PaneTab("list", "Check-list", lambda: PortalPage(shell)),
            PaneTab("file", "File", lambda: FactsPage("File", partial(_facts, zone))),
        ),
        nothing="Choose a batch to see its claims and what came back for them.",
    )


def _ask(work: Work, row: BatchRow) -> Seen:
    detail = batch_detail(work, row.id)
    portal = portal_list(work, row.id) if row.route is Route.PORTAL else None
    return Seen(detail, portal)


def _page(steps: Callable[[Seen], Sequence[StoryStep]], name: str) -> StoryPage:
    page = StoryPage(steps)
    page.story.setAccessibleName(name)
    return page


def _opening(
    steps: Callable[[Seen], Sequence[StoryStep]], name: str, opens: Callable[[str], object]
) -> PanePage:
    page = _page(steps, name)
    page.story.opened.connect(opens)
    return page


def _open(shell: Shell, key: str) -> None:
    """Show one claim of the batch (Enter on its line)."""
    if key and shell.has("claim"):
        shell.open("claim", claim=int(key))


def _head(zone: ZoneInfo, acts: BatchActs, seen: Seen) -> PaneHead:
    row = seen.row
    badges = [batch_mark(row)]
    if row.rejected:
        badges.append(theme.Status(f"{row.rejected} rejected", "orange", "undo-2"))
    open_now = seen.portal.open if seen.portal is not None else 0
    figures = [Figure("Claims", text=f"{row.claims:,}"), Figure("Total", row.total)]
    if seen.portal is not None:
        figures.append(Figure("To enter", text=f"{open_now:,}"))
    show = NextStep("Show its claims", partial(acts.open_claims, row), "file-text")
    pages = NextStep(
        "Print the forms" if row.route is Route.PAPER else "Show the forms",
        partial(acts.show_pages, row),
        "printer",
    )
    back = NextStep("Take it back…", partial(acts.take_back, row), "undo-2", why_not_back(row))
    save = NextStep("Save the file…", partial(acts.save, row), "download", why_not_saved(row))
    again = NextStep("Send it again…", partial(acts.send_again, row), "redo-2", why_not_again(row))
    outbox = NextStep("Open the outbox", partial(acts.open_outbox, row), "folder-open")
    steps: tuple[NextStep, ...] = (show, pages)
    if row.route is not Route.ELECTRONIC:  # a portal takes no forms, paper is nothing else
        steps = (pages, show) if row.route is Route.PAPER else (show,)
    return PaneHead(
        name=row.number,
        line=f"{route_word(row.route)}, {moment_text(row.made_at, zone)} by {row.made_by}",
        badges=tuple(badges),
        figures=tuple(figures),
        next_steps=(*steps, back),
        more=(save, again, outbox),
    )


def _claims(seen: Seen) -> list[StoryStep]:
    return [
        StoryStep(
            one.patient,
            ", ".join(word for word in (one.number, one.payer, one.reason) if word),
            money_text(one.total, zero_dash=False),
            status_mark(one.status).word,
            status_mark(one.status).icon,
            status_mark(one.status).tone,
            key=str(one.claim_id),
        )
        for one in seen.detail.claims
    ]


def _answers(zone: ZoneInfo, seen: Seen) -> list[StoryStep]:
    steps = [
        StoryStep(
            f"{one.kind}: {one.claim or seen.row.number} {'taken' if one.accepted else 'refused'}",
            ", ".join(word for word in (one.words, one.codes, one.file_name) if word),
            "",
            moment_text(one.read_at, zone),
            "check-check" if one.accepted else "undo-2",
            "teal" if one.accepted else "orange",
        )
        for one in reversed(seen.detail.answers)
    ]
    return steps or [StoryStep("Nothing came back yet", _silence(seen.row), icon="clock")]


def _silence(row: BatchRow) -> str:
    if row.route is Route.ELECTRONIC:
        return "The clearinghouse answers with a 999, then with a 277CA for each claim."
    return "Paper and portals send no answer by file. Note it on the claim."


def _facts(zone: ZoneInfo, seen: Seen) -> list[Section]:
    row = seen.row
    undone = "" if row.undone_at is None else moment_text(row.undone_at, zone)
    of_batch = (
        ("Way", route_word(row.route)),
        ("Payers", row.payers),
        ("Made", f"{moment_text(row.made_at, zone)} by {row.made_by}"),
        ("Taken back", undone),
    )
    of_file = (
        ("Name", row.file_name),
        ("Where", where_words(row)),
        ("Interchange", row.interchange),
        ("Group", row.group_control),
        ("SHA-256", f"{row.sha256[:HALF]} {row.sha256[HALF:]}"),
    )
    sections = [Section("The batch", _lines(of_batch))]
    if row.file_name:
        sections.append(Section("Its file", _lines(of_file)))
    if seen.portal is not None:
        portal = seen.portal
        told = (("Portal", portal.portal), ("Address", portal.address), ("The way", portal.route))
        sections.append(Section(f"The portal of {portal.payer}", _lines(told)))
    return sections


def _lines(pairs: Sequence[tuple[str, str]]) -> tuple[Fact, ...]:
    return tuple(Fact(label, (words,)) for label, words in pairs if words)
