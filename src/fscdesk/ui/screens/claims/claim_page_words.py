"""What a claim's page says: its notice, its story, how it goes again, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from fscdesk.services.claims.changing import CORRECTING
from fscdesk.services.claims.detail import ClaimPage
from fscdesk.services.claims.page_view import ClaimView
from fscdesk.ui import theme
from fscdesk.ui.screens.claims.wording import FREQUENCIES, status_mark
from fscdesk.ui.tables.story import StoryStep
from fscdesk.ui.text import count_text, day_text, money_text, short_day_text, time_text

_DECIDED: Final = frozenset({"denied", "partially_paid"})
_WITH_PAYER: Final = frozenset({"submitted", "acknowledged", "accepted", "pending"})
_WEIGHTS: Final = {"stops": "red", "warns": "amber", "tells": "slate"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What must be known first: a sentence, what follows from it, and its tone."""

    title: str
    text: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next: the act's key, the button's words and icon."""

    key: str
    words: str
    icon: str = ""


def notice_of(view: ClaimView) -> Notice | None:
    """Return what stands over everything else, or nothing where all is well."""
    page, row = view.page, view.page.row
    status = row.status.value
    if page.outdated:
        return Notice("Not as its sessions are now", page.outdated, "amber", "triangle-alert")
    if status in _DECIDED:
        return _denied(view)
    if status == "rejected":
        text = "It never reached the payer. Mend it, and it goes again as an original."
        if page.held_for not in ("", CORRECTING):  # another answer says that somebody has it
            text = f"It is held: {page.held_for.removesuffix('.')}."
        return Notice(_rejected(row.reason), text, "orange", "undo-2")
    if page.to_enter:
        batch = page.sent[0].batch if page.sent else "its batch"
        text = f"{row.payer} does not have it until every step on the check-list of {batch} is"
        text += " ticked; its time to file goes on."
        return Notice("Not typed into the portal yet", text, "amber", "clock")
    if page.crossed_over:
        text = "The earlier payer has forwarded it; it is not sent from here."
        return Notice("Crossed over", text, "slate", "git-merge")
    if page.held_for and page.held_for != CORRECTING:
        return Notice("Held", page.held_for, "amber", "pause")
    if page.wait_for:
        return Notice("Waits", page.wait_for, "amber", "clock")
    if row.stops and "edit" in page.may:
        words = f"{count_text(row.stops, 'finding')} {'stops' if row.stops == 1 else 'stop'} it"
        text = "Each stands at its box. Ctrl+J goes to the next one."
        return Notice(words, text, "red", "circle-x")
    return None


def _rejected(reason: str) -> str:
    """Return why, with the word said once: a receiver's own words often begin with it."""
    said = reason.strip() or "no reason was given"
    while said.lower().startswith("rejected: "):
        said = said[len("rejected: ") :]
    return said if said.lower().startswith("rejected") else f"Rejected: {said}"


def _denied(view: ClaimView) -> Notice:
    page, row = view.page, view.page.row
    reason = row.reason or page.reason_words or "no reason was given"
    partly = row.status.value == "partially_paid"
    title = f"{'Paid in part' if partly else 'Denied'}: {reason}"
    open_ = money_text(row.insurance_open, zero_dash=False)
    goes = view.goes_as
    text = f"{open_} stays with {row.payer}."
    if any(one.how == "corrected by" for one in page.links):
        text += " Another claim takes its place."
    elif goes is not None and goes.frequency.value == "7":
        text += " It has a payer claim number, so it is corrected (7), not sent again."
    elif goes is not None:
        text += f" {goes.why}"
    return Notice(title, text, "red", "circle-x")


def next_of(view: ClaimView) -> Next | None:
    """Return what comes next with a claim: the one filled button of its page."""
    page, row = view.page, view.page.row
    status, may = row.status.value, page.may
    appeal = page.appeals[0] if page.appeals and not page.appeals[0].outcome else None
    if status == "rejected":
        return Next("resend", "Resend", "redo-2")
    if page.to_enter:
        return Next("checklist", "Open the check-list", "list-checks")
    if page.held_for == CORRECTING and not row.stops:
        return Next("resend", again_words(view), "send")
    if page.held_for not in ("", CORRECTING) and "release" in may:
        return Next("release", "Release", "play")
    if appeal is not None:
        return Next(
            "appeal",
            "Note the outcome" if appeal.sent_on else "Finish the appeal",
            "scale",
        )
    if "correct" in may and status in _DECIDED:
        return Next("resend", again_words(view), "send")
    if row.ready:
        return Next("send", "Send", "send")
    if "edit" in may and row.stops:
        return Next("finding", "Go to the finding", "arrow-down")
    if status in _WITH_PAYER and "answer" in may:
        return Next("answer", "Note the answer", "message-square")
    return None


def again_words(view: ClaimView) -> str:
    """Return how it goes again, as a verb."""
    page, goes = view.page, view.goes_as
    frequency = goes.frequency.value if goes is not None else page.row.frequency.value
    if page.row.status.value == "rejected":
        return "Resend"
    return {"7": "Correct and resend (7)", "8": "Send the void (8)"}.get(
        frequency, "Send as an original"
    )


def rule_of(view: ClaimView) -> tuple[str, str]:
    """Return as what a claim goes, and the rule that chose it."""
    page, goes = view.page, view.goes_as
    if goes is not None:
        frequency, number, why = goes.frequency.value, goes.original_number, goes.why
    else:
        frequency, number = page.row.frequency.value, page.original_number
        why = {
            "7": f"The payer decided the first claim under {number}, so this one replaces it.",
            "8": f"The payer has the first claim under {number}, so this one takes it back.",
        }.get(
            frequency,
            "The payer's number of the first claim is not known, so it can only go as an original.",
        )
    words = FREQUENCIES.get(frequency, frequency)
    return (f"{words}, payer's number {number}" if number else words), why


def changes_words(view: ClaimView) -> str:
    """Return in a line what a corrected claim changes, without how it goes."""
    own = [one for one in view.differs if one.box != "22"]
    said = [f"{one.words} {one.was} → {one.will_be}" for one in own[:3]]
    if len(own) > len(said):
        said.append(f"{len(own) - len(said)} more")
    return ", ".join(said) + "." if said else "Nothing is changed yet."


def story_of(page: ClaimPage, zone: ZoneInfo) -> tuple[StoryStep, ...]:
    """Return all that happened, newest first."""
    told = [
        *_statuses(page),
        *_sent(page, zone),
        *_answers(page, zone),
        *_notes(page, zone),
        *_appeals(page),
    ]
    # What happened in one moment keeps its order; the newest comes first.
    in_order = sorted(enumerate(told), key=lambda one: (one[1][0], one[0]), reverse=True)
    return tuple(step for _place, (_at, step) in in_order)


Told = tuple[datetime, StoryStep]


def _statuses(page: ClaimPage) -> Iterator[Told]:
    total = money_text(page.row.total, zero_dash=False)
    for one in page.history:
        mark = theme.now.claim(one.new.value)
        amount = total if one.new.value == "submitted" or one.old is None else ""
        second = f"{one.reason}, {one.by}" if one.reason else f"by {one.by}"
        word = "Built" if one.old is None else status_mark(one.new.value).word
        yield (
            one.at,
            StoryStep(word, second, amount, short_day_text(one.day), mark.icon, mark.tone),
        )


def _sent(page: ClaimPage, zone: ZoneInfo) -> Iterator[Told]:
    for one in page.sent:
        what = {"electronic": "837P", "paper": "CMS-1500", "portal": "Portal"}[one.route.value]
        second = one.file_name or one.reference or f"by {one.by}"
        day = short_day_text(one.made_at.astimezone(zone).date())
        yield (
            one.made_at,
            StoryStep(
                f"{what} {one.batch}",
                second,
                "",
                day,
                "file-output",
                "sky",
                f"batch:{one.batch_id}",
            ),
        )


def _answers(page: ClaimPage, zone: ZoneInfo) -> Iterator[Told]:
    for one in page.answers:
        icon, tone = ("check", "teal") if one.accepted else ("undo-2", "orange")
        said = "accepted" if one.accepted else "rejected"
        words = one.words or one.codes or one.file_name
        day = short_day_text(one.read_at.astimezone(zone).date())
        yield one.read_at, StoryStep(f"{one.kind.upper()} {said}", words, "", day, icon, tone)


def _notes(page: ClaimPage, zone: ZoneInfo) -> Iterator[Told]:
    for one in page.notes:
        day = short_day_text(one.at.astimezone(zone).date())
        second = f"{one.by}, {time_text(one.at, zone)}"
        yield one.at, StoryStep(one.text, second, "", day, "message-square", "slate")


def _appeals(page: ClaimPage) -> Iterator[Told]:
    """Yield the letters and outcomes that the history of statuses does not tell."""
    at = page.history[-1].at if page.history else None
    if at is None:
        return
    for one in page.appeals:
        if one.sent_on is not None:
            words = f"{one.document or 'Letter'}, by {one.by}"
            day = short_day_text(one.sent_on)
            yield at, StoryStep(f"Appeal {one.level} sent", words, "", day, "scale", "violet")


def facts_of(view: ClaimView, patient_word: str) -> Sequence[tuple[str, str]]:
    """Return the line of facts: words and what they say; the first ones matter most."""
    row, page = view.page.row, view.page
    session = day_text(row.first_day) + (f" {view.start}" if view.start else "")
    if row.last_day != row.first_day:
        session = f"{day_text(row.first_day)} to {short_day_text(row.last_day)}"
    code = page.content.payer.payer_code if page.content is not None else ""
    sent = day_text(row.last_sent_on)
    if sent and page.sent:
        sent += f", {page.sent[0].batch}"
    found = [
        (patient_word, row.patient),
        ("Payer", f"{row.payer} ({code})" if code else row.payer),
        ("Session" if row.first_day == row.last_day else "Sessions", session),
        ("Charged", money_text(row.total, zero_dash=False)),
        (f"{row.payer} owes", money_text(row.insurance_open, zero_dash=False)),
        ("Payer claim", row.payer_number),
        ("Sent", sent),
        ("With", row.assigned),
        ("Next", _next(view)),
    ]
    return [(words, text) for words, text in found if text]


def _next(view: ClaimView) -> str:
    row = view.page.row
    if not row.next_action:
        return ""
    on = f", {short_day_text(row.next_action_on)}" if row.next_action_on else ""
    return f"{row.next_action}{on}"
