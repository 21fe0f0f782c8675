"""The rows of a remittance's page: claims with their lines, then what stands beside the claims."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.detail import PageClaim, PageLine, PagePlb, RemittancePage
from fscdesk.ui.screens.remittances.wording import (
    COMPUTED,
    PROVIDER_LEVEL,
    against_words,
    claim_mark,
    client_said,
    expected_pay,
    is_exception,
    plb_mark,
    written_off,
)
from fscdesk.ui.text import MINUS, count_text, day_text, money_text
from fscdesk.ui.theme import Status


class RowKind(enum.StrEnum):
    """What a row of the sheet is."""

    CLAIM = "claim"
    LINE = "line"
    GROUP = "group"
    PLB = "plb"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row. ``unit`` is what Up and Down go by: a claim with its lines, or one settlement.

    ``cells`` are words by the key of a column, ``ink`` the colour of the last of them.
    ``computed`` are the keys of those that nobody said: they are quiet, and the tip says why.
    """

    kind: RowKind
    unit: int
    name: str = ""
    note: str = ""
    mark: Status | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    ink: str = "text3"
    computed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of a page, what they are about, and their sums."""

    rows: tuple[SheetRow, ...] = ()
    units: tuple[PageClaim | PagePlb, ...] = ()
    totals: Mapping[str, str] = field(default_factory=dict)
    counted: str = ""
    payer: str = ""


def sheet_of(
    page: RemittancePage, held: Collection[int] = (), agreed: Collection[int] = ()
) -> Sheet:
    """Return the rows of a page; ``held`` and ``agreed`` are positions of claims."""
    rows: list[SheetRow] = []
    for unit, claim in enumerate(page.claims):
        mark = claim_mark(claim, held=claim.position in held, agreed=claim.position in agreed)
        rows.append(SheetRow(RowKind.CLAIM, unit, claim.patient, claim_note(claim), mark))
        day = ""
        for line in claim.lines:
            words, ink = against_words(line)
            shown = day_text(line.day)
            cells = {"session": "" if shown == day else shown, **_cells(line), "against": words}
            computed = frozenset({"allowed"} if line.allows_computed else ())
            rows.append(SheetRow(RowKind.LINE, unit, cells=cells, ink=ink, computed=computed))
            day = shown
    first = len(page.claims)
    if page.plbs:
        taken = page.plb_total
        note = f"{money_text(taken, zero_dash=False)} taken from the check"
        if taken < ZERO:
            note = f"{money_text(-taken, zero_dash=False)} added to the check"
        rows.append(SheetRow(RowKind.GROUP, first, PROVIDER_LEVEL, note))
    for unit, plb in enumerate(page.plbs, start=first):
        note = ", ".join(one for one in (plb.reference, plb.words) if one)
        cells = {"paid": money_text(-plb.amount, zero_dash=False)}
        rows.append(SheetRow(RowKind.PLB, unit, plb.reason, note, plb_mark(plb), cells))
    lines = [line for claim in page.claims for line in claim.lines]
    return Sheet(
        tuple(rows),
        (*page.claims, *page.plbs),
        _totals(page, lines),
        count_text(len(page.claims), "claim"),
        page.row.payer,
    )


def claim_note(claim: PageClaim) -> str:
    """Return which claim it is: our number, and the payer's."""
    words = f"claim {claim.number}" if claim.claim_id is not None else f"“{claim.number}”"
    return f"{words}, payer claim {claim.payer_number}" if claim.payer_number else words


def exceptions_of(page: RemittancePage) -> tuple[int, ...]:
    """Return the units at which a person should look before posting, in reading order.

    A correction is looked at with the reversal that it follows.
    """
    if not any(not one.posted for one in page.claims):
        return ()
    return tuple(
        unit
        for unit, claim in enumerate(page.claims)
        if not claim.posted and is_exception(claim) and not _follows(page, unit)
    )


def corrected_by(page: RemittancePage, claim: PageClaim) -> PageClaim | None:
    """Return what the payer says instead of what it takes back, where it says so here."""
    if not claim.reversal:
        return None
    return next((one for one in page.claims if not one.reversal and _same(one, claim)), None)


def _follows(page: RemittancePage, unit: int) -> bool:
    """Return whether a claim only says anew what a reversal here takes back, and is paid."""
    claim = page.claims[unit]
    if claim.reversal or not claim.paid > ZERO or claim.fate.value != "posted":
        return False
    return any(one.reversal and _same(one, claim) for one in page.claims)


def _same(one: PageClaim, other: PageClaim) -> bool:
    mine = {line.charge_id for line in one.lines if line.charge_id is not None}
    return bool(mine & {line.charge_id for line in other.lines})


def _cells(line: PageLine) -> dict[str, str]:
    expected = expected_pay(line) if line.charge >= ZERO else None
    return {
        "billed_code": line.billed_code,
        "charged": money_text(_billed(line)),
        "expected": money_text(expected),
        "code": line.code,
        "allowed": money_text(line.allows),
        "paid": money_text(line.paid, zero_dash=False),
        "off": money_text(written_off(line)),
        "client": money_text(client_said(line)),
    }


def _billed(line: PageLine) -> Money | None:
    """Return what we billed, with a minus where the payer takes its answer back."""
    return -line.billed if line.billed is not None and line.charge < ZERO else line.billed


def _totals(page: RemittancePage, lines: list[PageLine]) -> dict[str, str]:
    once = {
        (line.charge_id, line.charge < ZERO): _billed(line)
        for line in lines
        if line.charge_id is not None
    }

    def total(amounts: list[Money | None]) -> str:
        known = [one for one in amounts if one is not None]
        return money_text(sum(known, ZERO), zero_dash=False) if known else ""

    return {
        "charged": total(list(once.values())),
        "expected": total([expected_pay(line) for line in lines if line.charge >= ZERO]),
        "allowed": total([line.allows for line in lines]),
        "paid": money_text(page.claims_total, zero_dash=False),
        "off": total([written_off(line) for line in lines]),
        "client": total([client_said(line) for line in lines]),
    }


def tip(row: SheetRow) -> str:
    """Return in whole what may be cut in a row."""
    if row.kind is RowKind.LINE:
        told = row.cells.get("against", "")
        if "allowed" in row.computed:
            allowed = f"Allowed {row.cells['allowed']}: {COMPUTED[:1].lower()}{COMPUTED[1:]}."
            return "\n".join(one for one in (told, allowed) if one)
        return told
    return "\n".join(one for one in (row.name, row.note) if one)


def spoken(sheet: Sheet, unit: int) -> str:
    """Return a claim with its lines as a screen reader reads it."""
    said = []
    for row in sheet.rows:
        if row.unit != unit or row.kind is RowKind.GROUP:
            continue
        mark = "" if row.mark is None else row.mark.word
        cells = ", ".join(
            f"{key.replace('_', ' ')}{' computed' if key in row.computed else ''}"
            f" {words.replace(MINUS, 'minus ')}"
            for key, words in row.cells.items()
            if words
        )
        said.append(", ".join(one for one in (row.name, row.note, mark, cells) if one))
    return ". ".join(said)
