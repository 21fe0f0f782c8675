"""Which lines of a file the account has already: each stored line is used once.

A line is known by the bank's own id, else by its key where the ids do not speak against it, else
where another layout has cut its words. What only may be known is kept, and told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from fscdesk.models.bank import BankAccount, BankLine, BankStatement, StatementStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.bank_words import key_of, single_blanks
from fscdesk.services.banking.statement_around import off_by
from fscdesk.services.banking.statement_files import PAPER, ReadLine, ReadStatement
from fscdesk.services.banking.statement_plan import LineVerdict, PlannedLine
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.work import Work

_CUT_AT = 32
"""So many letters the NAME of an OFX line holds (OFX 1.6, 11.4.3): there a bank cuts its text."""
_ALIKE = 12
"""So many letters of one text at the start of the other say that both may be one line."""


def planned_lines(
    work: Work, account: BankAccount, read: ReadStatement
) -> tuple[list[PlannedLine], list[Finding]]:
    """Return every line of a file with what becomes of it, and what is worth saying of it.

    Two equal lines with one id of the bank are both kept and told, unless the balances at both
    ends of the file count one of them.
    """
    known = _Known(account, read, _stored(work, account.id, read))
    rows, findings = known.planned()
    twins = known.new_twins(rows)
    if twins and off_by(work, account, read, rows) == -twins:
        return known.planned(twins_are_copies=True)
    return rows, findings


@dataclass(slots=True)
class _Stored:
    """A line of the account; ``free`` until a line of the file is it.

    ``live`` is None for one that a person took out: it came twice, and does not come again.
    """

    key: str
    bank_id: str
    on: date
    amount: Money
    words: str
    occurrence: int
    layout: str
    number: str
    live: bool | None
    free: bool = True


class _Known:
    """What of a file's lines stands in the account already, by the surest sign first."""

    def __init__(
        self, account: BankAccount, read: ReadStatement, stored: Sequence[_Stored]
    ) -> None:
        self.account, self.read, self.stored = account, read, stored
        self.keys = [line_key(line) for line in read.lines]
        self.ids = Counter(line.bank_id for line in read.lines)
        self.by_key: dict[str, list[_Stored]] = defaultdict(list)
        self.by_id: dict[str, list[_Stored]] = defaultdict(list)
        self.by_amount: dict[tuple[date, Money], list[_Stored]] = defaultdict(list)
        for one in stored:
            self.by_key[one.key].append(one)
            self.by_amount[one.on, one.amount].append(one)
            if one.bank_id:
                self.by_id[one.bank_id].append(one)
        self.known: dict[int, tuple[LineVerdict, str]] = {}
        self.before = self._same_id_before()
        self._find()

    def planned(self, *, twins_are_copies: bool = False) -> tuple[list[PlannedLine], list[Finding]]:
        """Return the lines in their order, and what is told of those that are kept."""
        newest = {key: max(one.occurrence for one in rows) for key, rows in self.by_key.items()}
        doubted: set[int] = set()
        rows: list[PlannedLine] = []
        findings: list[Finding] = []
        for at, line in enumerate(self.read.lines):
            if self._is_early(line):
                reason = (
                    f"Before {self.account.starts_on:%m/%d/%Y}, the first day that is reconciled"
                    " here"
                )
                rows.append(PlannedLine(line, LineVerdict.SKIPPED, reason))
            elif at in self.known:
                rows.append(PlannedLine(line, *self.known[at]))
            elif twins_are_copies and self._is_twin(at):
                reason = (
                    f"The bank's id {line.bank_id} stands in position"
                    f" {self.before[at].position} too, and the balance counts it once"
                )
                rows.append(PlannedLine(line, LineVerdict.SKIPPED, reason))
            else:
                key = self.keys[at]
                newest[key] = newest.get(key, 0) + 1
                rows.append(PlannedLine(line, LineVerdict.NEW, "", newest[key]))
                findings += self._told(at, line, doubted)
        return rows, findings

    def new_twins(self, rows: Sequence[PlannedLine]) -> Money:
        """Return what the new lines come to that are, id and all, a line before them."""
        return sum(
            (
                row.line.amount
                for at, row in enumerate(rows)
                if row.verdict is LineVerdict.NEW and self._is_twin(at)
            ),
            ZERO,
        )

    def _find(self) -> None:
        """Give each stored line to the line of the file that it is."""
        self._take("This line is known", self._same_line)
        self._take("The bank's id is known, with other words", self._same_id)
        self._take("This line is known", self._same_words)
        self._take("Known from {}, where its words are cut", self._cut)

    def _take(self, reason: str, find: Callable[[int, ReadLine], list[_Stored]]) -> None:
        for at, line in enumerate(self.read.lines):
            if at in self.known or self._is_early(line):
                continue
            free = [one for one in find(at, line) if one.free]
            one = next((one for one in free if one.live), free[0] if free else None)
            if one is None:
                continue
            one.free = False
            self.known[at] = (
                (LineVerdict.UNCHANGED, reason.format(one.number))
                if one.live
                else (LineVerdict.SKIPPED, f"It was taken out of {one.number} by a person")
            )

    def _same_line(self, at: int, line: ReadLine) -> list[_Stored]:
        return [one for one in self.by_id.get(line.bank_id, ()) if one.key == self.keys[at]]

    def _same_id(self, _at: int, line: ReadLine) -> list[_Stored]:
        """Find the one line of an id whose words the bank has changed since."""
        there = self.by_id.get(line.bank_id, [])
        if len(there) != 1 or self.ids[line.bank_id] != 1:
            return []
        return [one for one in there if (one.on, one.amount) == (line.on, line.amount)]

    def _same_words(self, at: int, line: ReadLine) -> list[_Stored]:
        """Find an equal line; two ids of the bank that differ are two lines."""
        return [
            one for one in self.by_key.get(self.keys[at], ()) if not (line.bank_id and one.bank_id)
        ]

    def _cut(self, _at: int, line: ReadLine) -> list[_Stored]:
        return [
            one
            for one in self.by_amount.get((line.on, line.amount), ())
            if one.layout != self.read.layout and _is_cut(one.words, line.words)
        ]

    def _told(self, at: int, line: ReadLine, doubted: set[int]) -> list[Finding]:
        """Say of a line that is kept what speaks against it; each stored line doubts one."""
        where = f"position {line.position}"
        money = f"{line.amount} of {line.on:%m/%d/%Y}"
        twin = self.before.get(at)
        if twin is not None:
            told = (
                f"The bank's id {line.bank_id} of {money} stands in position {twin.position} too:"
                " both are kept. Look whether the bank has both."
            )
            return [Finding("bank-id-twice", told, where, Severity.WARNING)]
        for one in self.by_amount.get((line.on, line.amount), ()):
            if one.free and one.live and id(one) not in doubted and _alike(one.words, line.words):
                doubted.add(id(one))
                other = "with another id" if one.key == self.keys[at] else "with other words"
                told = (
                    f"{line.words} of {money} may be the line that came with {one.number}, {other}:"
                    " both are kept. Look whether the bank has both."
                )
                return [Finding("bank-maybe-known", told, where, Severity.WARNING)]
        for same in self.by_id.get(line.bank_id, ()):
            told = (
                f"The bank's id {line.bank_id} stood at {same.amount} of {same.on:%m/%d/%Y}"
                f" before, now at {money}: both are kept."
            )
            return [Finding("bank-id-used-twice", told, where, Severity.WARNING)]
        return []

    def _same_id_before(self) -> dict[int, ReadLine]:
        """Return by place the line before it in the file that has its id."""
        first: dict[str, ReadLine] = {}
        return {
            at: before
            for at, line in enumerate(self.read.lines)
            if line.bank_id and (before := first.setdefault(line.bank_id, line)) is not line
        }

    def _is_twin(self, at: int) -> bool:
        before = self.before.get(at)
        return before is not None and line_key(before) == self.keys[at]

    def _is_early(self, line: ReadLine) -> bool:
        return self.account.starts_on is not None and line.on < self.account.starts_on


def line_key(line: ReadLine) -> str:
    """Return what makes a line itself: day, amount and words without blanks."""
    return key_of(line.on, line.amount.cents, line.words)


def _stored(work: Work, account_id: int, read: ReadStatement) -> list[_Stored]:
    """Return the account's lines on the days of a file, with those that a person took out."""
    days = [line.on for line in read.lines]
    if not days:
        return []
    found = work.db.execute(
        select(
            BankLine.key,
            BankLine.bank_id,
            BankLine.on,
            BankLine.amount,
            BankLine.words,
            BankLine.occurrence,
            BankStatement.layout,
            BankStatement.number,
            BankLine.live,
        )
        .join(BankStatement, BankStatement.id == BankLine.statement_id)
        .where(
            BankLine.bank_account_id == account_id,
            or_(
                BankLine.live.is_(True),
                (BankStatement.status == StatementStatus.APPLIED) & (BankStatement.layout != PAPER),
            ),
            BankLine.on.between(min(days), max(days)),
        )
        .order_by(BankLine.id)
    )
    return [_Stored(*row) for row in found]


def _is_cut(one: str, other: str) -> bool:
    """Return whether one text is the other, cut where an OFX line ends."""
    short, long = sorted((single_blanks(one), single_blanks(other)), key=len)
    return long != short and _squeezed(long[:_CUT_AT]) == _squeezed(short)


def _alike(one: str, other: str) -> bool:
    """Return whether two texts are equal, or one begins with the whole other."""
    short, long = sorted((_squeezed(one), _squeezed(other)), key=len)
    return short == long or (len(short) >= _ALIKE and long.startswith(short))


def _squeezed(words: str) -> str:
    return "".join(words.split()).upper()
