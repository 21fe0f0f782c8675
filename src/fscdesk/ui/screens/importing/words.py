"""How the import speaks: its sentences, and the words of SimplePractice in ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from fscdesk.models.values import Money
from fscdesk.services.importing.differences import clock
from fscdesk.services.importing.looking import Looked
from fscdesk.services.importing.plan import FieldChange, ImportPlan
from fscdesk.services.importing.plan_rows import PlanLine
from fscdesk.services.importing.questions import Question, QuestionKind
from fscdesk.services.importing.taking_back import Undone
from fscdesk.ui.tables.columns import Ink, Piece
from fscdesk.ui.text import MINUS, count_text, day_text, money_text

_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark at the start",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
}
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_NOTES = {"LOCKED": "signed", "NO NOTE": "none", "DRAFT": "draft"}
_CLAIMS = {"UNPAID": "sent", "OVER": "overpaid", "NO CHARGE": "no charge"}
_SAID = {"Note": _NOTES, "Claim": _CLAIMS}
LONGEST_OLD = 16
MOST_SUMS = 3
_FIRST_SUMS = ("amount", "client_balance", "insurance_balance", "balance")
"""What a report is about stands before what it is made of."""
_LAST = ("Clinician", "Client payment", "Note", "Claim")
_PAYER_CODE = re.compile(r" \([0-9A-Z]{3,10}\)$")
_MINUS = re.compile(r"^-(?=[\d,]+\.\d\d$)")


def said_text(field: str, words: str) -> str:
    """SimplePractice's word for a fact in ours: `LOCKED` is signed, `UNPAID` of a claim sent."""
    known = _SAID.get(field, {}).get(words)
    if known is not None:
        return known
    if field in ("Note", "Claim", "Client payment"):
        return words.lower()
    if field in ("Payer", "Second payer"):
        words = _PAYER_CODE.sub("", words)
    if field == "Clinician":
        words = words.partition(",")[0]
    return _MINUS.sub(MINUS, words)


def happening(line: PlanLine, *, whole: bool = False) -> tuple[Piece, ...]:
    """What will happen to a row, in the inks of its cell: `Code 90837 → 90834`.

    A cell cuts what was, so that what will be has room; `whole` cuts nothing.
    """
    row = line.row
    if row.changes:
        return tuple(_changes(sorted(row.changes, key=_weight), whole=whole))
    if line.verdict == "new" and not line.of_report:
        code, comma, rest = row.what.partition(", ")
        fee, _, to_come = rest.partition(", ")
        paid = ", paid" if fee != "0.00" and not row.open_change and not to_come else ""
        shown = f"{fee}{paid}{', to come' if to_come else ''}"
        return (
            ("Session  ", Ink.PLAIN),
            (code, Ink.QUIET),
            ("  →  " if comma else "", Ink.QUIET),
            (shown, Ink.STRONG),
        )
    if line.asked is not None and line.verdict == "question":
        field, said = _asked(line, line.asked)
        return (
            (f"{field}  ", Ink.PLAIN),
            (said, Ink.QUIET),
            ("  →  ", Ink.QUIET),
            ("?", Ink.STRONG),
        )
    if line.asked is not None and line.verdict == "gone":
        return (("Session", Ink.PLAIN), ("  in the books  →  ", Ink.QUIET), ("?", Ink.STRONG))
    if row.what:
        return ((row.what, Ink.PLAIN),)
    return ((row.reason, Ink.PLAIN if line.verdict != "unchanged" else Ink.QUIET),)


def _asked(line: PlanLine, asked: Question) -> tuple[str, str]:
    """What of a row is in question, and what the file says of it."""
    row = line.row
    said = {
        QuestionKind.CODE: ("Code", asked.id.removeprefix("code:")),
        QuestionKind.PROVIDER: ("Clinician", said_text("Clinician", row.clinician)),
        QuestionKind.REASSIGNED: ("Clinician", said_text("Clinician", row.clinician)),
        QuestionKind.PAYER: ("Payer", said_text("Payer", row.payer)),
        QuestionKind.FIELD: ("Client", "two values"),
        QuestionKind.GUARANTOR: ("Guarantor", "who pays"),
        QuestionKind.ATTENDANCE: ("Attendance", "which"),
        QuestionKind.MOVED: ("Moved to", f"{day_text(row.day)} {clock(row.minute)}"),
    }
    return said.get(asked.kind, ("Client", row.client))


def _weight(change: FieldChange) -> int:
    """What moves a session or its money stands first: a cell has room for two changes."""
    return _LAST.index(change.field) + 1 if change.field in _LAST else 0


def _changes(changes: Sequence[FieldChange], *, whole: bool) -> Iterator[Piece]:
    for place, change in enumerate(changes):
        gap = "     " if place else ""
        old, new = said_text(change.field, change.old), said_text(change.field, change.new)
        if old == new:  # only what we leave out differs, as a title behind a name
            old, new = change.old, change.new
        if change.field == "Moved" and old[6:10] == new[6:10]:
            old, new = old[:5] + old[10:], new[:5] + new[10:]
        if len(old) > LONGEST_OLD and not whole:
            old = f"{old[: LONGEST_OLD - 1].rstrip()}…"
        yield f"{gap}{change.field}  ", Ink.PLAIN
        yield old, Ink.QUIET
        yield "  →  ", Ink.QUIET
        yield new, Ink.STRONG


def happening_text(line: PlanLine) -> str:
    """The same as one line of words."""
    return re.sub(r" {2,}", " ", "".join(words for words, _ink in happening(line, whole=True)))


def sum_words(plan: ImportPlan) -> str:
    """The sum of a plan: `47 rows: 12 new, 18 changed, 17 unchanged`."""
    terms = [
        f"{count_text(count)} {word}"
        for count, word in (
            (plan.created, "new"),
            (plan.changed, "changed"),
            (plan.unchanged, "unchanged"),
            (plan.skipped, "skipped"),
        )
        if count
    ]
    return f"{count_text(plan.read, 'row')}: {', '.join(terms) or 'nothing in it'}"


def applied_words(plan: ImportPlan) -> str:
    """What the message bar says of an import: `Imported 47 rows: 12 new, 18 changed, …`."""
    return f"Imported {sum_words(plan)}."


def undone_words(undone: Undone) -> str:
    """What the message bar says of an import that was taken back."""
    parts = [f"{count_text(undone.withdrawn, 'session')} withdrawn"]
    if not undone.sessions:
        parts = ["what it made is taken out"]
    if undone.restored:
        parts.append(f"{undone.restored:,} as they were before")
    if undone.entries_reversed or undone.sessions:
        parts.append(f"{count_text(undone.entries_reversed, 'entry', 'entries')} reversed")
    return f"Import {undone.batch_id} of {undone.file_name} is undone: {', '.join(parts)}."


def balance_words(change: Money, entries: int) -> str:
    """What a plan comes to: `Open balance +3,152.00, 41 entries`."""
    shown = money_text(change, zero_dash=False, signed=True)
    return f"Open balance {shown}, {count_text(entries, 'entry', 'entries')}"


def totals_words(totals: Mapping[str, Money]) -> str:
    """The sums of a report: `Amount 3,034.65, patient 1,789.00`; at most three, zeros left out."""
    told_first = [name for name in _FIRST_SUMS if name in totals]
    names = [*told_first, *(name for name in totals if name not in told_first)]
    shown = [(name, totals[name]) for name in names if totals[name]][:MOST_SUMS]
    words = [
        f"{name.replace('_', ' ')} {money_text(amount, zero_dash=False)}" for name, amount in shown
    ]
    told = ", ".join(words)
    return told[:1].upper() + told[1:]


def result_words(plan: ImportPlan, entries: int | None) -> str:
    """What a plan comes to, in the foot: balance and entries, or the sums of the report."""
    if plan.report_totals is None:
        return balance_words(plan.open_change, entries or 0)
    moved = ""
    if plan.open_change:
        moved = f"Open balance {money_text(plan.open_change, zero_dash=False, signed=True)}"
    return ", ".join(part for part in (totals_words(plan.report_totals), moved) if part)


def source_words(looked: Looked) -> str:
    """How a file is written: `CSV, UTF-8, separated by commas`."""
    source = looked.source
    if source.kind == "xlsx":
        table = looked.recognised.table if looked.recognised is not None else 0
        if looked.header is not None:
            table = looked.header.table
        return f"Excel workbook, sheet “{source.tables[table].sheet}”"
    encoding = _ENCODINGS.get(source.encoding, source.encoding)
    return f"CSV, {encoding}, separated by {_DELIMITERS.get(source.delimiter, 'its own sign')}"


def days_words(plan_or_file: object) -> str:
    """The days that a file speaks of: `03/16/2026 to 04/12/2026`."""
    first = getattr(plan_or_file, "first_day", None)
    last = getattr(plan_or_file, "last_day", None)
    if first is None or last is None:
        return ""
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"
