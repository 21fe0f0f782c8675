"""The pane of an entry: its lines, where it comes from, and the papers that are kept with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.attachments import Attachment, attachments
from fscdesk.services.accounting.entry_origins import EntryOrigin, OriginKind, origins_of
from fscdesk.services.accounting.ledgers import EntryDetail, entry_detail
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.accounting.wording import LATE, REVERSED, kind_mark
from fscdesk.ui.tables.facts import Fact, Section
from fscdesk.ui.tables.story import StoryStep
from fscdesk.ui.text import day_text, moment_text, money_text
from fscdesk.ui.theme import Status

PAPER = "paper"


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry whole, with what stands behind it and what is kept with it."""

    detail: EntryDetail
    origins: tuple[EntryOrigin, ...]
    papers: tuple[Attachment, ...]


_WORDS = {
    OriginKind.SESSION: ("Session", "calendar-days"),
    OriginKind.PAYMENT: ("Payment", "banknote"),
    OriginKind.REFUND: ("Refund", "undo-2"),
    OriginKind.CREDIT_MEMO: ("Credit memo", "receipt"),
    OriginKind.ADJUSTMENT: ("Adjustment", "scale"),
    OriginKind.COLLECTION_CASE: ("Case", "gavel"),
    OriginKind.DEPOSIT: ("Deposit", "landmark"),
    OriginKind.BANK_LINE: ("Line of the bank", "git-compare-arrows"),
    OriginKind.RECURRING: ("Recurring entry", "refresh-cw"),
    OriginKind.IMPORT: ("Import", "file-input"),
    OriginKind.ENTRY: ("Turns back", "undo-2"),
    OriginKind.TURNED_BACK_BY: ("Turned back by", "undo-2"),
}


def view_of(work: Work, entry_id: int) -> EntryView:
    """Read an entry for the pane. Raises Problem where there is none."""
    return EntryView(
        entry_detail(work, entry_id), origins_of(work, entry_id), attachments(work, entry_id)
    )


def place_of(shell: Shell, origin: EntryOrigin) -> tuple[str, dict[str, object]] | None:
    """Return the place that shows a document, and what it is asked; None where none does."""
    found = _place(origin)
    return found if found is not None and shell.has(found[0]) else None


def origin_words(origin: EntryOrigin) -> str:
    """Return what stands behind an entry, as ``Payment PAY-2026-00012``."""
    return f"{_WORDS[origin.kind][0]} {origin.number}".strip()


def opening_words(origin: EntryOrigin) -> str:
    """Return the verb of the button that opens a document."""
    if origin.number:
        return f"Open {origin.number}"
    return f"Open the {_WORDS[origin.kind][0].lower()}"


def marks_of(view: EntryView) -> tuple[Status, ...]:
    """Return the badges of an entry."""
    row = view.detail.row
    more = [REVERSED] if row.reversed_by is not None else []
    if row.late_reason:
        more.append(LATE)
    return (kind_mark(row.kind), *more)


def line_steps(view: EntryView) -> Sequence[StoryStep]:
    """Return the lines of an entry; each opens the ledger of its account."""
    return [
        StoryStep(
            f"{one.account} {one.name}",
            ", ".join(part for part in (_side(one.amount), one.cost_centre, one.note) if part),
            amount=money_text(abs(one.amount)),
            icon="circle-plus" if one.amount > ZERO else "circle-minus",
            tone="blue" if one.amount > ZERO else "slate",
            key=one.account,
        )
        for one in view.detail.lines
    ]


def fact_sections(zone: ZoneInfo, view: EntryView) -> Sequence[Section]:
    """Return who posted an entry and when, and what else is known of it."""
    row, detail = view.detail.row, view.detail
    facts = [
        Fact("Day", (day_text(row.on),)),
        Fact("Posted by", (row.posted_by,)),
        Fact("Posted at", (moment_text(row.posted_at, zone) if row.posted_at else "",)),
        Fact("Memo", (row.memo,)),
    ]
    if row.reference:
        facts.append(Fact("Reference", (row.reference,)))
    if row.late_reason:
        facts.append(Fact("Why into a closed month", (row.late_reason,)))
    if detail.reverse_on is not None:
        facts.append(Fact("Turns back by itself", (day_text(detail.reverse_on),)))
    return (Section("Facts", tuple(facts)),)


def origin_steps(shell: Shell, view: EntryView) -> Sequence[StoryStep]:
    """Return what stands behind an entry and the papers kept with it; each opens by its key."""
    steps = [
        StoryStep(
            origin_words(one),
            "Enter opens it" if place_of(shell, one) is not None else "",
            icon=_WORDS[one.kind][1],
            tone="teal",
            key=str(at) if place_of(shell, one) is not None else "",
        )
        for at, one in enumerate(view.origins)
    ]
    if not view.origins:
        by = view.detail.row.posted_by
        steps.append(StoryStep("Written by hand", f"by {by}" if by else "", icon="pen-line"))
    steps += [
        StoryStep(
            one.file_name,
            f"{one.number}, kept {moment_text(one.made_at, shell.practice.zone)}",
            icon="paperclip",
            tone="slate",
            key=f"{PAPER}:{one.id}",
        )
        for one in view.papers
    ]
    return steps


def _side(amount: Money) -> str:
    return "Debit" if amount > ZERO else "Credit"


def _place(origin: EntryOrigin) -> tuple[str, dict[str, object]] | None:
    number = origin.id
    bank = {
        "tab": "bank",
        "line": number,
        "account": origin.bank_account_id,
        "period": origin.reconciliation_id,
    }
    named: dict[OriginKind, tuple[str, dict[str, object]]] = {
        OriginKind.SESSION: ("sessions", {"session": number}),
        OriginKind.PAYMENT: ("payments", {"payment": number}),
        OriginKind.REFUND: ("payments", {"refund": number}),
        OriginKind.COLLECTION_CASE: ("statements", {"tab": "collections", "case": number}),
        OriginKind.DEPOSIT: ("payments", {"deposit": number}),
        OriginKind.BANK_LINE: ("reconciliation", {key: one for key, one in bank.items() if one}),
        OriginKind.RECURRING: ("accounting", {"tab": "recurring", "row": number}),
        OriginKind.IMPORT: ("sessions", {"batch": number}),
        OriginKind.ENTRY: ("accounting", {"entry": number}),
        OriginKind.TURNED_BACK_BY: ("accounting", {"entry": number}),
    }
    found = named.get(origin.kind)
    if found is None and origin.patient_id is not None:
        return "patients", {"patient": origin.patient_id, "tab": "ledger"}
    return found
