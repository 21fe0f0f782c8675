"""The pane beside the list: one session, from its import to today, and the next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from fscdesk.models.values import Money
from fscdesk.services.claim_standing import sent_claims
from fscdesk.services.claims.listing import ClaimRow, claims_of_session
from fscdesk.services.sessions.changing import ATTENDANCES, BILLING_STATUSES
from fscdesk.services.sessions.detail import STEPS, ChargeRow
from fscdesk.services.sessions.placing import NOT_KNOWN_WORDS
from fscdesk.services.sessions.pre_bill import Missing, PreBill, check_sessions
from fscdesk.services.sessions.queries import (
    SessionDetail,
    SessionRow,
    Step,
    session_detail,
    story,
)
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.screens.claims.wording import claim_mark
from fscdesk.ui.screens.sessions.checks_page import ChecksPage, Mend
from fscdesk.ui.screens.sessions.columns import is_billed, note_words
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab, Strip
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import count_text, day_text, money_text, short_day_text
from fscdesk.ui.theme import Status

SHORT = 9
"""Letters of a payer's name that fit above a figure, with "owes" behind it."""
_TONES = {
    "file-input": "neutral",
    "receipt": "neutral",
    "hand-coins": "green",
    "pen-line": "blue",
    "circle-minus": "orange",
    "undo-2": "orange",
    "circle-check": "green",
    "triangle-alert": "orange",
}
_CLAIM_TONES = {"file-text": "slate", "check": "sky", "ban": "neutral", "lock": "neutral"}


@dataclass(frozen=True, slots=True)
class PaneFacts:
    """All that the pane shows of a session, read in one transaction.

    ``claims`` are those that it is or was on, the newest first; ``locked`` is the one that a
    payer has, in words.
    """

    detail: SessionDetail
    steps: tuple[Step, ...]
    checks: PreBill | None
    claims: tuple[ClaimRow, ...] = ()
    locked: str = ""


class Ways(Protocol):
    """What the pane's buttons do; a way that leads nowhere is not offered."""

    patient: str

    def next_steps(self, row: SessionRow, claims: Sequence[ClaimRow]) -> Sequence[NextStep]:
        """Return the buttons at the foot, the first is primary."""

    def more_steps(self, row: SessionRow, locked: str) -> Sequence[NextStep]:
        """Return what stands behind the three dots."""

    def mend(self, missing: Missing) -> Mend | None:
        """Return the button that mends what is missing."""

    def document_key(self, step: Step) -> str:
        """Return the key of a step's document, or "" where it cannot be opened."""

    def open_document(self, key: str) -> None:
        """Open what ``document_key`` named."""


def pane_spec(ways: Ways) -> DetailSpec[SessionRow, PaneFacts]:
    """Return the declaration of the pane."""

    def story_page() -> StoryPage:
        page = StoryPage(lambda facts: _story_steps(facts, ways.document_key))
        page.opened.connect(ways.open_document)
        return page

    return DetailSpec(
        ask=ask_pane,
        head=lambda facts: _head(facts, ways),
        tabs=(
            PaneTab("story", "Story", story_page),
            PaneTab("charges", "Charges", lambda: FactsPage("Charges", _charges(ways.patient))),
            PaneTab("report", "Report", lambda: FactsPage("Report", _report(ways.patient))),
            PaneTab("checks", "Checks", lambda: ChecksPage(lambda facts: facts.checks, ways.mend)),
        ),
        nothing="Choose a session to see its story.",
    )


def ask_pane(work: Work, row: SessionRow) -> PaneFacts:
    """Read one session with its story and its checks. Raises Problem when it is gone."""
    detail = session_detail(work, row.id)
    outcomes = check_sessions(work, [row.id])
    missed = detail.row.attendance != "scheduled" and not is_billed(detail.row)
    checks = None if missed else next(iter(outcomes), None)
    return PaneFacts(
        detail,
        story(work, row.id),
        checks,
        claims_of_session(work, row.id),
        sent_claims(work, [row.id]).get(row.id, ""),
    )


def _head(facts: PaneFacts, ways: Ways) -> PaneHead:
    detail, row = facts.detail, facts.detail.row
    parts = (f"{day_text(row.day)} {row.time}", row.code_text, row.provider_name)
    named = row.payer_id and len(row.payer) <= SHORT
    payer = f"{row.payer} owes" if named else "Payer owes"
    return PaneHead(
        name=row.patient_name,
        line=", ".join(part for part in parts if part),
        badges=_badges(row, withdrawn=detail.withdrawn),
        strip=_strip(detail),
        figures=(
            Figure("Charged", row.fee),
            Figure(payer, row.insurance_balance),
            Figure(f"{ways.patient} owes", row.patient_balance),
        ),
        next_steps=tuple(ways.next_steps(row, facts.claims)),
        more=tuple(ways.more_steps(row, facts.locked)),
    )


def _badges(row: SessionRow, *, withdrawn: bool) -> tuple[Status, ...]:
    now = theme.now
    badges = []
    if withdrawn:
        badges.append(Status("Import undone", "orange", "undo-2"))
    if row.attendance != "completed":
        badges.append(now.attendance(row.attendance))
    if is_billed(row):
        badges.append(now.billing_status(row.billing_status))
    if row.insurance_balance.cents < 0:
        over = money_text(abs(row.insurance_balance))
        badges.append(Status(f"Overpaid {over}", "orange", "triangle-alert"))
    if row.attendance == "completed" and not row.note_signed:
        words = "Note is a draft" if row.note_status == "DRAFT" else note_words(row.note_status)
        badges.append(Status(words, "amber", "signature"))
    return tuple(badges)


def _strip(detail: SessionDetail) -> Strip | None:
    """Return how far the session is; one that was not held and costs nothing is nowhere."""
    if not is_billed(detail.row):
        return None
    words = detail.step_words.partition(". ")[2]
    if detail.row.billing_status == "paid":
        return Strip(len(STEPS), len(STEPS), words)
    tone = "red" if detail.row.billing_status == "denied" else "teal"
    tone = "violet" if detail.row.billing_status == "appealing" else tone
    return Strip(detail.step - 1, len(STEPS), words, tone)


def _story_steps(facts: PaneFacts, key: Callable[[Step], str]) -> list[StoryStep]:
    year = facts.detail.row.day.year
    return [
        StoryStep(
            title=step.title,
            second=step.detail,
            amount="" if step.amount is None else money_text(step.amount, zero_dash=False),
            day=_day(step.day, year),
            icon=step.icon,
            tone=_tone(step),
            key=key(step),
        )
        for step in facts.steps
    ]


def _tone(step: Step) -> str:
    if step.source.kind == "claim" and step.icon in _CLAIM_TONES:
        return _CLAIM_TONES[step.icon]
    if step.source.kind in ("status", "claim"):
        for kind, keys in (("billing", BILLING_STATUSES), ("attendance", ATTENDANCES)):
            for status in (theme.now.status(kind, key) for key in keys):
                if status.icon == step.icon:
                    return status.tone
    return _TONES.get(step.icon, "neutral")


def _day(day: date, year: int) -> str:
    return short_day_text(day) if day.year == year else day_text(day)


def _charges(patient: str) -> Callable[[PaneFacts], list[Section]]:
    def sections(facts: PaneFacts) -> list[Section]:
        live = [charge for charge in facts.detail.charges if charge.voided_on is None]
        gone = [charge for charge in facts.detail.charges if charge.voided_on is not None]
        made = [_charge(charge, patient) for charge in live]
        if not live:
            made.append(Section("Charges", (Fact("Nothing is charged", ("",)),)))
        if gone:
            lines = tuple(
                Fact(f"{_code(one)}, {day_text(one.voided_on)}", (_stated(one.amount),))
                for one in gone
            )
            made.append(Section("Voided", lines, ("Was charged",)))
        if facts.claims:
            made.append(Section("Claims", tuple(map(_claim, facts.claims))))
        covered = tuple(
            Fact(f"{one.rank_word}: {one.payer}", (one.member_id or "no member id",))
            for one in facts.detail.coverage
        )
        made.append(
            Section("Coverage that day", covered or (Fact("No policy covers that day", ("",)),))
        )
        made.append(
            Section(
                "Who and where",
                tuple(
                    Fact(label, (words,))
                    for label, words in (
                        ("Bill goes to", facts.detail.guarantor),
                        ("Second payer", facts.detail.second_payer),
                        ("Location", facts.detail.location or NOT_KNOWN_WORDS),
                    )
                    if words
                ),
            )
        )
        return made

    return sections


def _claim(row: ClaimRow) -> Fact:
    sent = f", sent {day_text(row.last_sent_on)}" if row.last_sent_on else ""
    return Fact(row.number, (f"{row.payer}, {claim_mark(row).word.lower()}{sent}",))


def _charge(charge: ChargeRow, patient: str) -> Section:
    units = count_text(charge.units, "unit")
    payer = charge.payer or "Payer"
    shares = (
        (payer, charge.insurance_share, charge.insurance_balance),
        (patient, charge.patient_share, charge.patient_balance),
    )
    lines = tuple(
        Fact(name, (_stated(share), _stated(still_open)))
        for name, share, still_open in shares
        if share or still_open
    )
    still = charge.insurance_balance + charge.patient_balance
    total = Fact(
        f"{units} at {_stated(charge.rate)}", (_stated(charge.amount), _stated(still)), strong=True
    )
    return Section(_code(charge), (*lines, total), ("Charged", "Open"))


def _report(patient: str) -> Callable[[PaneFacts], list[Section]]:
    def sections(facts: PaneFacts) -> list[Section]:
        said, row = facts.detail.report, facts.detail.row
        if said is None:
            return [Section("SimplePractice", (Fact("It has not spoken of this session", ("",)),))]
        words = (
            (patient, said.client),
            ("Clinician", said.clinician),
            ("Primary insurance", said.payer),
            ("Secondary insurance", said.second_payer),
            ("Progress note", row.note_status),
            ("File", facts.detail.file_name),
        )
        amounts = (
            ("Charge", said.patient_charge, said.insurance_charge),
            ("Paid", said.patient_paid, said.insurance_paid),
            ("Written off", None, said.write_off),
            ("Unpaid", said.patient_unpaid, said.insurance_unpaid),
        )
        status = Fact("Payment status", (said.patient_status, said.insurance_status))
        lines = tuple(
            Fact(label, (_stated(client), _stated(payer))) for label, client, payer in amounts
        )
        return [
            Section("SimplePractice says", (status, *lines), (patient, "Insurance")),
            Section(
                "As it writes them", tuple(Fact(label, (word,)) for label, word in words if word)
            ),
        ]

    return sections


def _code(charge: ChargeRow) -> str:
    return f"{charge.code} {charge.modifiers}".strip()


def _stated(amount: Money | None) -> str:
    return money_text(amount, zero_dash=False)
