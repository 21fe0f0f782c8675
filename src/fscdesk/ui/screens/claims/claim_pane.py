"""The pane of a claim in the list: what it asks for, what was found, what happened so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from fscdesk.services.claims.detail import ClaimPage, claim_page
from fscdesk.services.claims.listing import ClaimRow
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.screens.claims.claim_acts import ClaimActs
from fscdesk.ui.screens.claims.wording import FREQUENCIES, claim_mark, clock_mark, status_mark
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import count_text, day_text, moment_text, money_text

_WEIGHTS = {
    "stops": ("Stops it", "circle-x", "red"),
    "warns": ("To look at", "triangle-alert", "amber"),
    "tells": ("To know", "info", "slate"),
}


def claim_pane(zone: ZoneInfo, acts: ClaimActs) -> DetailSpec[ClaimRow, ClaimPage]:
    """Return the declaration of the pane."""
    return DetailSpec(
        ask=_ask,
        head=partial(_head, acts),
        tabs=(
            PaneTab("findings", "To look at", lambda: _page(_findings, "What was found")),
            PaneTab("lines", "Lines", lambda: _page(_lines, "Service lines")),
            PaneTab("story", "Story", lambda: _page(partial(_story, zone), "What happened")),
        ),
        nothing="Choose a claim to see where it stands.",
    )


def _ask(work: Work, row: ClaimRow) -> ClaimPage:
    return claim_page(work, row.id)


def _page(steps: Callable[[ClaimPage], Sequence[StoryStep]], name: str) -> StoryPage:
    page = StoryPage(steps)
    page.story.setAccessibleName(name)
    return page


def _head(acts: ClaimActs, page: ClaimPage) -> PaneHead:
    row = page.row
    badges = [claim_mark(row)]
    if row.deadline is not None:
        badges.append(clock_mark(row.deadline))
    open_ = NextStep("Open", partial(acts.open, row), "file-text")
    steps = [open_]
    if row.ready:
        steps.insert(0, NextStep("Send", partial(acts.send, [row]), "send"))
    elif row.status.value == "rejected":
        steps.insert(0, NextStep("Send again", partial(acts.resend, [row]), "redo-2"))
    kind = "" if row.frequency.value == "1" else f", {FREQUENCIES[row.frequency.value]}"
    return PaneHead(
        name=row.patient,
        line=f"{row.number}, {row.payer}, {day_text(row.first_day)}{kind}",
        badges=tuple(badges),
        figures=(
            Figure("Charged", row.total),
            Figure("Open", row.insurance_open),
            Figure("Lines", text=str(row.lines)),
        ),
        next_steps=tuple(steps),
    )


def _findings(page: ClaimPage) -> list[StoryStep]:
    said = (page.held_for, page.outdated, page.wait_for)
    steps = [StoryStep("Stays behind", one, icon="pause", tone="amber") for one in said if one]
    status = page.row.status.value
    if status in ("denied", "rejected"):
        why = page.row.reason or page.reason_words or "No reason was given."
        steps.append(StoryStep(status_mark(status).word, why, icon="circle-x", tone="red"))
    for one in page.findings:
        word, icon, tone = _WEIGHTS[one.severity.value]
        if one.accepted_by:
            word = f"{one.accepted_by} lets it pass"
        steps.append(StoryStep(word, f"{one.message} {one.hint}".strip(), icon=icon, tone=tone))
    return steps or [StoryStep("Nothing was found", icon="circle-check", tone="green")]


def _lines(page: ClaimPage) -> list[StoryStep]:
    if page.content is None:
        return [StoryStep("No charge is left on it", icon="circle")]
    return [
        StoryStep(
            " ".join((line.code, *line.modifiers)),
            f"{count_text(line.units, 'unit')}, place {line.place_of_service or 'not known'}",
            money_text(line.amount, zero_dash=False),
            day_text(line.service_day),
            "hand-coins",
            "slate",
        )
        for line in page.content.lines
    ]


def _story(zone: ZoneInfo, page: ClaimPage) -> list[StoryStep]:
    steps = [
        (
            one.at,
            StoryStep(
                status_mark(one.new.value).word,
                f"{one.reason}, {one.by}" if one.reason else one.by,
                "",
                day_text(one.day),
                theme.now.claim(one.new.value).icon,
                theme.now.claim(one.new.value).tone,
            ),
        )
        for one in page.history
    ]
    steps += [
        (one.at, StoryStep(one.text, one.by, "", moment_text(one.at, zone), "message-square"))
        for one in page.notes
    ]
    return [step for _at, step in sorted(steps, key=lambda one: one[0], reverse=True)]
