"""Which lines of a file the account has already: each stored line is used once.

A line is known by its key, else by the bank's own id, else where another layout has cut its words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import select

from fscdesk.models.bank import BankAccount, BankLine, BankStatement
from fscdesk.services.banking.bank_words import key_of
from fscdesk.services.banking.statement_files import ReadLine, ReadStatement
from fscdesk.services.banking.statement_plan import LineVerdict, PlannedLine
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.work import Work

_SQUEEZED = 12
"""So many letters of one text at the start of the other say that a bank has cut it."""


def planned_lines(
    work: Work, account: BankAccount, read: ReadStatement
) -> tuple[list[PlannedLine], list[Finding]]:
    """Return every line of a file with what becomes of it, and what is worth saying of it."""
    known = _Known(work, account.id, read)
    rows: list[PlannedLine] = []
    findings: list[Finding] = []
    for line in read.lines:
        if account.starts_on is not None and line.on < account.starts_on:
            reason = f"Before {account.starts_on:%m/%d/%Y}, the first day that is reconciled here"
            rows.append(PlannedLine(line, LineVerdict.SKIPPED, reason))
            continue
        planned, finding = known.take(line)
        rows.append(planned)
        if finding is not None:
            findings.append(finding)
    return rows, findings


class _Known:
    """What of a file's lines stands in the account already, each stored line used once."""

    def __init__(self, work: Work, account_id: int, read: ReadStatement) -> None:
        days = [line.on for line in read.lines]
        stored = (
            work.db.execute(
                select(
                    BankLine.key,
                    BankLine.bank_id,
                    BankLine.on,
                    BankLine.amount,
                    BankLine.words,
                    BankStatement.layout,
                    BankStatement.number,
                )
                .join(BankStatement, BankStatement.id == BankLine.statement_id)
                .where(
                    BankLine.bank_account_id == account_id,
                    BankLine.live.is_(True),
                    BankLine.on.between(min(days), max(days)),
                )
                .order_by(BankLine.id)
            ).all()
            if days
            else []
        )
        self.layout = read.layout
        self.left = Counter(row.key for row in stored)
        self.there = Counter(self.left)
        self.added: Counter[str] = Counter()
        self.by_id = {row.bank_id: row for row in stored if row.bank_id}
        self.ids: dict[str, ReadLine] = {}
        wanted = Counter(line_key(line) for line in read.lines)
        # Lines of another layout whose words no line of this file has: a bank cut the text there.
        spare: dict[tuple[date, int], list[tuple[str, str, str]]] = defaultdict(list)
        over = self.left - wanted
        for row in stored:
            if over[row.key] and row.layout != read.layout:
                over[row.key] -= 1
                spare[row.on, row.amount.cents].append((_squeezed(row.words), row.key, row.number))
        self.spare = spare

    def take(self, line: ReadLine) -> tuple[PlannedLine, Finding | None]:
        """Return what becomes of the next line of the file."""
        key = line_key(line)
        before = self.ids.get(line.bank_id) if line.bank_id else None
        if before is not None and line_key(before) == key:
            reason = f"The bank's id {line.bank_id} stands in position {before.position} too"
            return PlannedLine(line, LineVerdict.SKIPPED, reason), None
        if line.bank_id:
            self.ids[line.bank_id] = line
        if self.left[key]:
            self.left[key] -= 1
            return PlannedLine(line, LineVerdict.UNCHANGED, "This line is known"), None
        same = self.by_id.get(line.bank_id) if line.bank_id else None
        if same is not None and (same.on, same.amount) == (line.on, line.amount):
            reason = "The bank's id is known, with other words"
            return PlannedLine(line, LineVerdict.UNCHANGED, reason), None
        for at, (words, _, number) in enumerate(self.spare[line.on, line.amount.cents]):
            if _is_cut(words, _squeezed(line.words)):
                del self.spare[line.on, line.amount.cents][at]
                reason = f"Known from {number}, where its words are cut"
                return PlannedLine(line, LineVerdict.UNCHANGED, reason), None
        self.added[key] += 1
        occurrence = self.there[key] + self.added[key]
        finding = None
        if same is not None:
            finding = Finding(
                "bank-id-used-twice",
                f"The bank's id {line.bank_id} stood at {same.amount} of {same.on:%m/%d/%Y} "
                f"before, now at {line.amount} of {line.on:%m/%d/%Y}: both are kept.",
                f"position {line.position}",
                Severity.WARNING,
            )
        return PlannedLine(line, LineVerdict.NEW, "", occurrence), finding


def line_key(line: ReadLine) -> str:
    """Return what makes a line itself: day, amount and words without blanks."""
    return key_of(line.on, line.amount.cents, line.words)


def _squeezed(words: str) -> str:
    return "".join(words.split()).upper()


def _is_cut(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= _SQUEEZED and long.startswith(short)
