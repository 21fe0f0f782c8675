"""What Enter in a cell does to the row that the cursor is on. No painting, no focus."""

from __future__ import annotations

from fscdesk.models.values import ZERO, Money
from fscdesk.ui.forms.money_entry import read_money
from fscdesk.ui.screens.payments.entry_cell import (
    Answer,
    answer_text,
    is_complete,
    is_denial,
    read_answer,
    read_denial,
    read_part,
)
from fscdesk.ui.screens.payments.entry_lines import Line
from fscdesk.ui.screens.payments.entry_painting import GridRow
from fscdesk.ui.screens.payments.entry_state import EntryState
from fscdesk.ui.text import money_text


def accept(state: EntryState, row: GridRow, text: str) -> bool:
    """Take what was typed for a row; False when an empty cell means nothing there.

    Raises ValueError with a sentence that can be shown; then nothing has changed.
    """
    if row.claim is not None and (len(row.lines) > 1 or not text):
        return _whole_claim(row, text)
    line = row.lines[0]
    if state.from_payer:
        return _payer_line(state, line, text)
    return _client_line(state, line, text)


def proposal(state: EntryState, row: GridRow) -> Money | None:
    """What Enter alone would take; None where nothing is known."""
    if state.from_payer:
        expected = row.expected
        return None if expected is None else expected.paid
    line = row.lines[0]
    return max(ZERO, min(line.owes, state.over + line.paid))


def standing_text(state: EntryState, row: GridRow) -> str:
    """What stands in the cell when the cursor comes to it."""
    if row.claim is not None:
        return money_text(row.total("paid"), zero_dash=False) if row.answered else ""
    line = row.lines[0]
    if line.text:
        return line.text
    if line.answer is None:
        return ""
    if state.from_payer and line.answer.typed:
        return answer_text(line.answer)
    return money_text(line.paid, zero_dash=False)


def _whole_claim(row: GridRow, text: str) -> bool:
    expected = row.expected
    half = next((one for one in row.lines if one.text), None)
    if half is not None:
        message = f"Its line of {half.charge.service_day:%m/%d} is half typed. Finish or empty it."
        raise ValueError(message)
    if is_denial(text):
        denied = read_denial(text)
        for line in row.lines:
            line.put(Answer(denied=denied))
        return True
    if is_complete(text):
        return _all_alike(row, text)
    if expected is None:
        if text:
            message = "This claim has lines without an expectation. Go down and answer each."
            raise ValueError(message)
        return False
    if text and read_money(text) != expected.paid:
        message = (
            f"{text} is not the {money_text(expected.paid, zero_dash=False)} that is expected."
            " Go down and answer line by line."
        )
        raise ValueError(message)
    for line in row.lines:
        if line.answer is None:
            line.take_expected()
    return True


def _all_alike(row: GridRow, text: str) -> bool:
    """Answer every line of a claim that paid nothing: ``0d`` is all of it deductible.

    How an amount is shared by several lines stands on the EOB only.
    """
    if text[:-1].strip() not in ("0", "0.00"):
        message = (
            f"A letter cannot say how {text[:-1].strip()} is shared by {len(row.lines)} lines."
            " Go down and answer each; 0 and a letter answers them all."
        )
        raise ValueError(message)
    said = [
        read_answer(text, owes=line.owes, left=ZERO, expected=line.expected) for line in row.lines
    ]
    for line, answer in zip(row.lines, said, strict=True):
        line.put(answer)
    return True


def _payer_line(state: EntryState, line: Line, text: str) -> bool:
    if not text:
        return line.take_expected()
    line.put(
        read_answer(
            text,
            owes=line.owes,
            left=state.over + line.paid,
            expected=line.expected,
            may_exceed=_may_exceed(state),
        )
    )
    return True


def _client_line(state: EntryState, line: Line, text: str) -> bool:
    left = state.over + line.paid
    if not text:
        paid = max(ZERO, min(line.owes, left))
    else:
        paid = read_part(text, owes=line.owes, left=left, may_exceed=_may_exceed(state))
    line.put(Answer(paid) if paid else None)
    return True


def _may_exceed(state: EntryState) -> bool:
    return state.rules is not None and state.rules.may_exceed
