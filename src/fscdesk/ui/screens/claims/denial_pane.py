"""The pane of a denied line: why in words, what helps until when, what was done, who said so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from fscdesk.services.claims.denial_detail import DenialDetail, denial_detail
from fscdesk.services.claims.denials import DenialRow
from fscdesk.services.claims.detail import AppealRow, ClaimPage
from fscdesk.ui.screens.claims.denial_acts import DenialActs, nothing_open
from fscdesk.ui.screens.claims.denial_words import (
    NO_CLAIM,
    OUTCOMES,
    category_mark,
    deadline_mark,
    next_words,
    reason_words,
    stands_mark,
)
from fscdesk.ui.screens.claims.wording import FREQUENCIES, status_mark
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import count_text, day_text

_LINKS = {
    "corrects": "Corrects",
    "corrected by": "Corrected by",
    "behind": "Behind",
    "before": "Before",
}


def denial_pane(zone: ZoneInfo, acts: DenialActs) -> DetailSpec[DenialRow, DenialDetail]:
    """Return the declaration of the pane."""
    return DetailSpec(
        ask=denial_detail,
        head=partial(_head, acts),
        tabs=(
            PaneTab("why", "Why", lambda: FactsPage("Why, and what helps", _why)),
            PaneTab("done", "What was done", partial(_done_page, zone, acts), "newest first"),
        ),
        nothing="Choose a denied line to see why, and what helps.",
    )


def _head(acts: DenialActs, found: DenialDetail) -> PaneHead:
    row = found.row
    badges = [stands_mark(row), deadline_mark(row)]
    code = " ".join(part for part in (row.code, row.modifiers) if part)
    return PaneHead(
        name=row.patient,
        line=", ".join(
            part for part in (row.payer, f"{code} of {day_text(row.day)}", row.number) if part
        ),
        badges=tuple(one for one in badges if one is not None),
        figures=(
            Figure("Billed", row.amount),
            Figure("At stake", row.open),
            Figure("Denied", text=_ago(row.days)),
        ),
        next_steps=_steps(acts, found),
        more=_more(acts, found),
    )


def _steps(acts: DenialActs, found: DenialDetail) -> tuple[NextStep, ...]:
    """Return the buttons: the appeal first where it is open, else the correction."""
    row, steps = found.row, []
    if row.claim_id is None:
        steps.append(NextStep("Open the session", partial(acts.open_session, row), "calendar-days"))
    else:
        appeal = NextStep(
            "Open the appeal" if row.appealing else "Write appeal",
            partial(acts.appeal, row),
            "scale",
            "" if row.appealing or "appeal" in found.may else "It cannot be appealed as it stands.",
        )
        if row.appealing:
            steps.append(appeal)
        elif "correct" in found.may:
            steps.append(NextStep("Correct", partial(acts.correct, row), "pen-line"))
            steps.append(appeal)
        else:
            steps += [NextStep("Open the claim", partial(acts.open, row), "file-text"), appeal]
    if found.said is not None:
        steps.append(
            NextStep("Remittance", partial(acts.open_remittance, found.said), "scroll-text")
        )
    return tuple(steps)


def _more(acts: DenialActs, found: DenialDetail) -> tuple[NextStep, ...]:
    row = found.row
    to = f"Bill {found.next_payer}" if found.next_payer else "Bill the next payer"
    none = "" if found.next_payer else "No other payer can be billed for this session now."
    without = NO_CLAIM if row.claim_id is None else ""
    return (
        NextStep("Assign…", partial(acts.assign, [row]), "user", without),
        NextStep("Next action…", partial(acts.plan, [row]), "calendar-check", without),
        NextStep(to, partial(acts.bill_next, row), "git-merge", none),
        NextStep(
            "Adjust or write off…",
            partial(acts.adjust, [row]),
            "circle-minus",
            nothing_open([row]),
        ),
        NextStep("Open the account", partial(acts.open_account, row), "users"),
    )


def _why(found: DenialDetail) -> list[Section]:
    row = found.row
    said = [Fact("Reason", (reason_words(row),))]
    about = category_mark(row.category)
    if about is not None:
        said.append(Fact("About", (about.word,)))
    if found.said is not None:
        paid_on = day_text(found.said.paid_on)
        said.append(Fact("Said by", (f"{found.said.number} of {paid_on}",)))
    else:
        said.append(Fact("Said by", (f"Noted on {day_text(row.denied_on)}",)))
    helps = [Fact("Remedy", (row.remedy,))]
    if row.document:
        helps.append(Fact("Document", (row.document,)))
    helps += [Fact(words, (day_text(day),), strong=True) for words, day in _limits(found)]
    planned = next_words(row)
    if planned:
        helps.append(Fact("Next", (planned,)))
    return [Section("What the payer says", tuple(said)), Section("What helps", tuple(helps))]


def _limits(found: DenialDetail) -> list[tuple[str, date]]:
    clocks = found.page.clocks if found.page is not None else ()
    if not clocks and found.row.deadline is not None:
        clocks = (found.row.deadline,)
    return [(f"{one.what.value.capitalize()} until", one.due_on) for one in clocks]


def _done_page(zone: ZoneInfo, acts: DenialActs) -> StoryPage:
    page = StoryPage(partial(_done, zone))
    page.story.setAccessibleName("What was done")
    page.opened.connect(acts.open_linked)
    return page


def _done(zone: ZoneInfo, found: DenialDetail) -> list[StoryStep]:
    page, row = found.page, found.row
    denied = StoryStep(
        "Denied",
        reason_words(row),
        day=day_text(row.denied_on),
        icon="circle-x",
        tone="red",
    )
    if page is None:
        return [StoryStep("Nothing was done here yet", NO_CLAIM), denied]
    dated = [(one.opened_on, _appeal(one)) for one in page.appeals]
    dated += [
        (
            one.at.astimezone(zone).date(),
            StoryStep(
                one.text,
                one.by,
                day=day_text(one.at.astimezone(zone).date()),
                icon="message-square",
                tone="slate",
            ),
        )
        for one in page.notes
    ]
    dated.sort(key=lambda one: one[0], reverse=True)
    later = [step for day, step in dated if day >= row.denied_on]
    before = [step for day, step in dated if day < row.denied_on]
    steps = [*_links(page), *later]
    if not steps:
        steps = [StoryStep("Nothing was done yet", "Correct it, or write an appeal.")]
    return [*steps, denied, *before]


def _links(page: ClaimPage) -> Sequence[StoryStep]:
    """Return the claims that belong to it; Enter opens one."""
    return [
        StoryStep(
            f"{_LINKS[one.how]} {one.number}",
            f"{FREQUENCIES[one.frequency.value]}, {one.payer}, "
            f"{status_mark(one.status.value).word.lower()}",
            icon=status_mark(one.status.value).icon,
            tone=status_mark(one.status.value).tone,
            key=f"claim:{one.id}",
        )
        for one in page.links
    ]


def _appeal(one: AppealRow) -> StoryStep:
    mark = OUTCOMES[one.outcome]
    said = f"opened by {one.by}"
    if one.sent_on is not None:
        said += f", sent {day_text(one.sent_on)}"
    if one.outcome_on is not None:
        said += f", ended {day_text(one.outcome_on)}"
    return StoryStep(
        f"Appeal, level {one.level}: {mark.word.lower()}",
        said,
        day=day_text(one.opened_on),
        icon=mark.icon,
        tone=mark.tone,
    )


def _ago(days: int) -> str:
    return "today" if not days else f"{count_text(days, 'day')}"
