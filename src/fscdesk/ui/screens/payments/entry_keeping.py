"""What the entry asks for when it opens, and how half-entered work is written and read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.payments.drafts import PaymentDraft, drafts, last_choices
from fscdesk.services.payments.entering import EntryRules, Source, entry_rules, source_of
from fscdesk.services.payments.open_charges import OpenCharge, open_charges
from fscdesk.services.remittances.expecting import expected_of
from fscdesk.services.work import Work
from fscdesk.ui.screens.payments.entry_cell import Answer
from fscdesk.ui.screens.payments.entry_lines import Line, lines_of
from fscdesk.ui.screens.payments.entry_state import EntryState

NOBODY = "new"
MOST = 2000
"""So many open charges of one payer stand in the grid; letters find the others."""


@dataclass(frozen=True)
class Opening:
    """What the books answer when the entry opens, or when somebody else is said to have paid."""

    rules: EntryRules
    source: Source | None = None
    lines: list[Line] = field(default_factory=list)
    found: list[Line] = field(default_factory=list)
    draft: PaymentDraft | None = None
    choices: Mapping[str, str] = field(default_factory=dict)


def opening(
    work: Work, wanted: Mapping[str, int], *, draft_too: bool = True, newest: bool = False
) -> Opening:
    """Answer for a payer, a guarantor or a client; for nobody: the newest draft, or the last one.

    ``wanted`` holds at most one of payer_id, guarantor_id, patient_id.
    """
    kept = drafts(work) if draft_too else ()
    choices = last_choices(work)
    draft: PaymentDraft | None = None
    source: Source | None = None
    if wanted:
        source = source_of(work, **wanted)
        draft = next((one for one in kept if one.about == source.key), None)
    elif newest:
        draft = kept[0] if kept else None
        source = _called(work, draft.about if draft is not None else choices.get("source", ""))
    lines = [] if source is None else lines_for(work, source)
    others = () if draft is None else sorted(set(map(int, draft.content.get("others", ()))))
    found = [] if not others else lines_of(open_charges(work, patient_ids=others), {})
    return Opening(entry_rules(work), source, lines, found, draft, choices)


def lines_for(work: Work, source: Source, search: str = "") -> list[Line]:
    """The open charges of a payer, with what is expected, or of a guarantor."""
    if source.kind == "guarantor":
        return lines_of(open_charges(work, guarantor_id=source.id, search=search), {})
    charges = open_charges(work, payer_id=source.id, search=search, most=MOST)
    return _expected(work, source, charges)


def lines_elsewhere(work: Work, search: str) -> list[Line]:
    """Open charges of whatever clients the words find: one check may pay for many."""
    return lines_of(open_charges(work, search=search), {})


def content_of(state: EntryState, head: Mapping[str, str]) -> dict[str, Any]:
    """What is kept of a payment: ids, amounts and what was typed; no names."""
    own = {one.key for one in state.own}
    return {
        "head": dict(head),
        "answers": {
            str(one.key): _written(one.answer) for one in state.answered if one.answer is not None
        },
        "texts": {str(one.key): one.text for one in state.lines if one.text},
        "others": sorted({one.charge.patient_id for one in state.answered if one.key not in own}),
        "rest": [state.rest_kind, state.rest_patient],
        "touched": state.touched,
        "key": state.request_key,
    }


def put_back(state: EntryState, content: Mapping[str, Any]) -> int:
    """Put a draft's answers back on the lines; return how many no longer fit."""
    by_key = {str(one.key): one for one in state.lines}
    lost = 0
    for key, written in content.get("answers", {}).items():
        line, answer = by_key.get(key), _read(written)
        if line is None or answer.answered > line.charge.open:
            lost += 1
        else:
            line.put(answer)
    for key, text in content.get("texts", {}).items():
        if key in by_key:
            by_key[key].text = str(text)
    kind, patient = content.get("rest", ("", None))
    state.rest_kind, state.rest_patient = str(kind), patient
    state.touched = bool(content.get("touched"))
    state.request_key = str(content.get("key") or state.request_key)
    return lost


def without_key(content: Mapping[str, Any]) -> dict[str, Any]:
    """A draft that may be posted anew: its first posting was taken back."""
    return {name: value for name, value in content.items() if name != "key"}


def _expected(work: Work, source: Source, charges: Sequence[OpenCharge]) -> list[Line]:
    return lines_of(charges, expected_of(work, source.id, [one.charge_id for one in charges]))


def _called(work: Work, key: str) -> Source | None:
    kind, _colon, number = key.partition(":")
    if not number.isdecimal():
        return None
    try:
        return source_of(work, **{f"{kind}_id": int(number)})
    except Problem:  # merged or removed since
        return None


def _written(answer: Answer) -> list[Any]:
    return [
        answer.paid.cents,
        answer.contractual.cents,
        answer.patient.cents,
        answer.reason,
        answer.denied,
        answer.typed,
    ]


def _read(written: Sequence[Any]) -> Answer:
    paid, contractual, patient, reason, denied, typed = written
    return Answer(
        Money(int(paid)),
        Money(int(contractual)),
        Money(int(patient)),
        str(reason),
        str(denied),
        typed=bool(typed),
    )
