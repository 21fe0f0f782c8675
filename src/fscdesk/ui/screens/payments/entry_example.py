"""Half-entered payments on the demo practice, for pictures of the entry in both its modes."""

from __future__ import annotations

from fscdesk.models.values import Money
from fscdesk.services.payments.drafts import keep_draft
from fscdesk.services.payments.entering import Source, source_of
from fscdesk.services.payments.open_charges import open_charges
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Work
from fscdesk.ui.screens.payments.entry_cell import Answer
from fscdesk.ui.screens.payments.entry_keeping import content_of, lines_for
from fscdesk.ui.screens.payments.entry_state import EntryState

KEPT = Money(40_00)
DENIED = "197"


def payer_example(work: Work) -> Source | None:
    """Keep a draft of a payer's check: a claim as expected, a line denied; return whose it is."""
    open_ = {one.id: len(open_charges(work, payer_id=one.id)) for one in payers(work)}
    if not any(open_.values()):
        return None
    source = source_of(work, payer_id=max(open_, key=lambda one: open_[one]))
    state = EntryState(source)
    state.show_lines(lines_for(work, source))
    for claim in state.claims[:2]:
        for line in claim.lines:
            line.take_expected()
    if len(state.claims) > 1:
        state.claims[1].lines[0].put(Answer(denied=DENIED))
    _keep(work, state, "0000481516")
    return source


def guarantor_example(work: Work, patient_id: int) -> Source:
    """Keep a draft of a guarantor's check: all that is open, and something over."""
    source = source_of(work, patient_id=patient_id)
    state = EntryState(source)
    state.show_lines(lines_for(work, source))
    state.pay_in_full()
    _keep(work, state, "2207")
    return source


def _keep(work: Work, state: EntryState, number: str) -> None:
    state.rest_kind, state.touched = "overpayment", True
    state.own_patient()
    amount = state.applied + KEPT
    day = f"{work.today():%m/%d/%Y}"
    head = {"reference": number, "amount": str(amount), "check_on": day}
    if state.source is not None:
        keep_draft(work, state.source.key, content_of(state, head))
