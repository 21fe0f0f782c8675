"""What the cards of today's claims do: save at the source, hold, accept; each with its words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from fscdesk.services.claims.content import Address
from fscdesk.services.claims.editing import hold_claim, release_claim
from fscdesk.services.claims.listing import rows_of_claims
from fscdesk.services.claims.mend_cards import (
    Editor,
    MendCard,
    Mended,
    accept_card,
    take_card,
)
from fscdesk.services.claims.mending import mend_source, source_of
from fscdesk.services.claims.scrubbing import take_back_acceptance
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work
from fscdesk.ui.forms.bound import sentence_of
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.build_plan import DayPlan
from fscdesk.ui.screens.claims.mend_fields import LABELS
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.undo import Undo

LONGEST_REASON = 300


class MendActs(QObject):
    """Answers cards through the plan; ``kept`` is told why one could not be saved."""

    def __init__(
        self, shell: Shell, plan: DayPlan, kept: Callable[[MendCard, str], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._shell, self._plan, self._kept = shell, plan, kept

    def save(self, card: MendCard, value: Any) -> None:
        """Save what was typed where it comes from."""

        def then(done: Mended) -> None:
            self._shell.messages.info(mended_words(card, value, done), undo=_undo_of(card))

        self._plan.save(
            card, lambda work: take_card(work, card, value), then, partial(self._refused, card)
        )

    def hold(self, card: MendCard) -> None:
        """Keep the claims of a card back, with what stands on it as the reason."""
        reason = f"To clear up: {card.message}"[:LONGEST_REASON]
        ids = [one.id for one in card.claims]
        many = count_text(len(ids), "claim")

        def act(work: Work) -> None:
            for one in card.claims:
                hold_claim(work, one.id, reason, expected_version=one.version)

        def then(_none: None) -> None:
            words = "is held until somebody releases it"
            if len(ids) > 1:
                words = "are held until somebody releases them"
            self._shell.messages.info(
                f"{many} {words}.",
                undo=Undo(f"holding {many}", partial(_released, ids)),
            )

        self._plan.save(card, act, then, partial(self._refused, card))

    def accept(self, card: MendCard) -> None:
        """Let the claims of a card go with its warning."""

        def then(count: int) -> None:
            goes = "goes" if count == 1 else "go"
            self._shell.messages.info(
                f"{count_text(count, 'claim')} {goes} with this warning.",
                undo=Undo("letting it go", partial(_looked_at_again, card)),
            )

        self._plan.save(
            card, lambda work: accept_card(work, card), then, partial(self._refused, card)
        )

    def _refused(self, card: MendCard, fault: BaseException) -> None:
        if isinstance(fault, Problem):
            self._kept(card, sentence_of(fault))
        self._shell.messages.refused(fault)


def mended_words(card: MendCard, value: Any, done: Mended) -> str:
    """Return what mending did: what is saved where, and how many claims were checked again."""
    count = len(done.claims)
    checked = f"{count_text(count, 'claim')} {'is' if count == 1 else 'are'} checked again."
    if done.still:
        checked += f" It still warns: {done.still}"
    if card.editor is Editor.NPI and isinstance(value, int):
        return f"{card.clinician} goes under the supervisor at {card.payer} from now on. {checked}"
    named = LABELS.get(card.field, "It")
    if card.editor in (Editor.CLINICIAN, Editor.CHOICE):
        return f"{named} is saved on {card.where}. {checked}"
    return f"{named} is {_shown(value)} now, on {card.where}. {checked}"


def _shown(value: Any) -> str:
    if isinstance(value, Address):
        return f"{value.line1}, {value.city}"
    if isinstance(value, date):
        return day_text(value)
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _undo_of(card: MendCard) -> Undo | None:
    """Return how to put back what stood there, where something did and it is plain text."""
    source = card.source
    if source is None or not source.value or card.editor is not Editor.TEXT:
        return None
    return Undo(f"{LABELS.get(card.field, card.field)}", partial(_put_back, card))


def _put_back(card: MendCard, work: Work) -> str:
    assert card.source is not None
    now = source_of(work, card.claims[0].id, card.field)
    mend_source(
        work, card.claims[0].id, card.field, card.source.value, expected_version=now.version
    )
    return f"{LABELS.get(card.field, 'It')} is {card.source.value} again, on {card.where}."


def _released(ids: list[int], work: Work) -> str:
    for row in rows_of_claims(work, ids):
        release_claim(work, row.id, expected_version=row.version)
    return f"{count_text(len(ids), 'claim')} can go again."


def _looked_at_again(card: MendCard, work: Work) -> str:
    for one in card.claims:
        take_back_acceptance(work, one.id, card.rule, card.line)
    return f"{count_text(len(card.claims), 'claim')} as before: the warning waits for a look."
