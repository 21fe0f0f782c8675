"""The lists behind a claim's tabs: its lines with their money, its files, notes and history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from fscdesk.models.values import Money
from fscdesk.services.claims.detail import ChangeRow, ClaimPage, NoteRow, StatusRow, claim_page
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column, HasId, Kind, date_column, money_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import moment_text

R = TypeVar("R", bound=HasId)
TOPICS = frozenset({Topic.CLAIMS, Topic.PAYMENTS, Topic.SESSIONS})


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with what became of its money."""

    id: int
    position: int
    session_id: int
    day: date
    code: str
    units: int
    amount: Money
    paid: Money
    insurance_open: Money
    patient_open: Money
    said: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file in which it left, or that came back for it; ``batch_id`` opens its batch."""

    id: int
    at: datetime
    what: str
    number: str
    file: str
    state: str
    hash: str
    by: str
    batch_id: int | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One field, or the status, before and after."""

    id: int
    at: datetime
    field: str
    was: str
    now: str
    why: str
    by: str


def lines_tab(shell: Shell, claim_id: int, keeping: Keeping) -> ListTab[LineRow]:
    """Return the tab of the lines: what was charged, paid, and is open."""
    columns: tuple[Column[LineRow], ...] = (
        Column(
            "position", "Line", lambda row: str(row.position), Kind.NUMBER, width=60, priority=1
        ),
        date_column("day", "Service", lambda row: row.day, priority=1),
        Column("code", "Code", lambda row: row.code, names=True, priority=1),
        Column("units", "Units", lambda row: str(row.units), Kind.NUMBER, width=56, priority=4),
        Column("said", "Payer said", lambda row: row.said, width=130, priority=2),
        money_column("amount", "Charged", lambda row: row.amount, priority=1),
        money_column("paid", "Paid", lambda row: row.paid, priority=2),
        money_column("insurance", "Payer owes", lambda row: row.insurance_open, priority=2),
        money_column("patient", "Client owes", lambda row: row.patient_open, priority=3),
    )
    empty = Empty("Nothing is left on this claim.", "file-text")
    spec = _spec(
        "claim-lines",
        "Lines",
        columns,
        partial(_line_rows, claim_id),
        ("line", "lines"),
        empty,
        "position",
    )
    return _opening(
        shell, spec, keeping, lambda row: shell.open("sessions", session=row.session_id)
    )


def files_tab(shell: Shell, claim_id: int, keeping: Keeping) -> ListTab[FileRow]:
    """Return the tab of what left the office with it, and what came back."""
    zone = shell.practice.zone
    columns: tuple[Column[FileRow], ...] = (
        Column("at", "When", lambda row: moment_text(row.at, zone), width=130, priority=1),
        Column("what", "What", lambda row: row.what, width=110, priority=1),
        Column("number", "Number", lambda row: row.number, width=130, priority=2),
        Column("file", "File", lambda row: row.file, names=True, priority=2),
        Column("state", "Said", lambda row: row.state, width=180, priority=1),
        Column("by", "By", lambda row: row.by, width=120, priority=4),
        Column("hash", "SHA-256", lambda row: row.hash, width=110, priority=6),
    )
    empty = Empty("It was never sent, and nothing came back for it.", "file-output")
    spec = _spec(
        "claim-files",
        "Files",
        columns,
        partial(_file_rows, claim_id),
        ("file", "files"),
        empty,
        "at",
    )

    def open_(row: FileRow) -> None:
        if row.batch_id is not None:
            shell.open("claims", tab="batches", row=row.batch_id)

    return _opening(shell, spec, keeping, open_)


def notes_tab(shell: Shell, claim_id: int, keeping: Keeping) -> ListTab[NoteRow]:
    """Return the tab of the notes."""
    zone = shell.practice.zone
    columns: tuple[Column[NoteRow], ...] = (
        Column("text", "Note", lambda row: row.text, names=True, priority=1),
        Column("by", "By", lambda row: row.by, width=140, priority=2),
        Column("at", "Written", lambda row: moment_text(row.at, zone), width=148, priority=3),
    )
    empty = Empty("Nobody wrote a note about this claim. Ctrl+Shift+N begins one.", "notebook-pen")
    spec = _spec(
        "claim-notes",
        "Notes",
        columns,
        partial(_note_rows, claim_id),
        ("note", "notes"),
        empty,
        "at",
    )
    return ListTab(shell, spec, keeping=keeping)


def history_tab(shell: Shell, claim_id: int, keeping: Keeping) -> ListTab[HistoryRow]:
    """Return the tab of every change, field by field."""
    zone: ZoneInfo = shell.practice.zone
    columns: tuple[Column[HistoryRow], ...] = (
        Column("at", "When", lambda row: moment_text(row.at, zone), width=130, priority=1),
        Column("field", "What", lambda row: row.field, width=170, priority=1),
        Column("was", "Was", lambda row: row.was, width=150, priority=2),
        Column("now", "Became", lambda row: row.now, names=True, priority=1),
        Column("why", "Why", lambda row: row.why, width=190, priority=4),
        Column("by", "Who", lambda row: row.by, width=120, priority=2),
    )
    empty = Empty("Nothing was changed on this claim.", "list")
    spec = _spec(
        "claim-history",
        "History",
        columns,
        partial(_history_rows, claim_id),
        ("change", "changes"),
        empty,
        "at",
    )
    return ListTab(shell, spec, keeping=keeping)


def _spec(
    key: str,
    name: str,
    columns: tuple[Column[R], ...],
    rows: Callable[[Work], Sequence[R]],
    noun: tuple[str, str],
    empty: Empty,
    natural: str,
) -> ListSpec[R]:
    return ListSpec(
        key=key,
        name=name,
        columns=columns,
        query=query_of(rows, columns, natural),
        noun=noun,
        ticking=False,
        totals=False,
        title=False,
        sort=natural,
        descending=natural == "at",
        topics=TOPICS,
        empty=empty,
        least_width=480,
    )


def _opening(
    shell: Shell, spec: ListSpec[R], keeping: Keeping, open_: Callable[[R], object]
) -> ListTab[R]:
    tab: ListTab[R] = ListTab(shell, spec, keeping=keeping)
    tab.list.opened.connect(open_)
    return tab


def _line_rows(claim_id: int, work: Work) -> list[LineRow]:
    page = claim_page(work, claim_id)
    money = {one.line_id: one for one in page.money}
    if page.content is None:
        return []
    return [
        LineRow(
            line.line_id,
            line.position,
            line.session_id,
            line.service_day,
            " ".join((line.code, *line.modifiers)),
            line.units,
            line.amount,
            money[line.line_id].insurance_paid,
            money[line.line_id].insurance_open,
            money[line.line_id].patient_open,
            f"{money[line.line_id].answer} {money[line.line_id].carc}".strip().capitalize(),
        )
        for line in page.content.lines
        if line.line_id in money
    ]


def _file_rows(claim_id: int, work: Work) -> list[FileRow]:
    page = claim_page(work, claim_id)
    ways = {"electronic": "837P", "paper": "CMS-1500", "portal": "Portal"}
    sent = [
        (
            one.made_at,
            ways[one.route.value],
            one.batch,
            one.file_name or one.reference,
            one.state.value.replace("_", " ").capitalize(),
            one.sha256[:12],
            one.by,
            one.batch_id,
        )
        for one in page.sent
    ]
    back = [
        (
            one.read_at,
            one.kind.upper(),
            one.codes,
            one.file_name,
            one.words or ("Accepted" if one.accepted else "Rejected"),
            "",
            "",
            None,
        )
        for one in page.answers
    ]
    found = sorted([*sent, *back], key=lambda one: one[0])
    return [FileRow(at, *one) for at, one in enumerate(found, 1)]


def _note_rows(claim_id: int, work: Work) -> Sequence[NoteRow]:
    return claim_page(work, claim_id).notes[::-1]


def _history_rows(claim_id: int, work: Work) -> list[HistoryRow]:
    page = claim_page(work, claim_id)
    made = [
        *(_of_change(one) for one in reversed(page.changes)),
        *(_of_status(one) for one in page.history),
    ]
    made.sort(key=lambda one: one.at)
    return [
        HistoryRow(at, one.at, one.field, one.was, one.now, one.why, one.by)
        for at, one in enumerate(made, 1)
    ]


def _of_change(one: ChangeRow) -> HistoryRow:
    line = f", line {one.line}" if one.line is not None else ""
    return HistoryRow(0, one.at, f"{one.title}{line}", one.old, one.new, one.source, one.by)


def _of_status(one: StatusRow) -> HistoryRow:
    was = theme.now.claim(one.old.value).word if one.old is not None else ""
    return HistoryRow(
        0, one.at, "Status", was, theme.now.claim(one.new.value).word, one.reason, one.by
    )


def counts_of(page: ClaimPage) -> dict[str, int | None]:
    """Return the numbers in the tabs; one of which there is none has no number."""
    counts = {
        "lines": len(page.money),
        "files": len(page.sent) + len(page.answers),
        "notes": len(page.notes),
        "appeal": len(page.appeals),
    }
    return {key: count for key, count in counts.items() if count}
