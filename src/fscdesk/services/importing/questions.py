"""What an import asks a person, and how an answer is found: given now, remembered, or proposed."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

WAITING = "Waits for an answer"


class QuestionKind(enum.StrEnum):
    """What the question is about, in the order in which they are asked."""

    CODE = "code"
    PROVIDER = "provider"
    PAYER = "payer"
    SAME_NAME = "same_name"
    PATIENT = "patient"
    GUARANTOR = "guarantor"
    FIELD = "field"
    ATTENDANCE = "attendance"
    REASSIGNED = "reassigned"
    MOVED = "moved"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers. ``id`` is the same in every plan of the same matter.

    ``proposal`` is None where two answers are equally good. While a ``blocking`` question
    has no answer its rows are skipped; one that does not block falls back to its default.
    """

    id: str
    kind: QuestionKind
    text: str
    detail: str
    options: tuple[Option, ...]
    proposal: str | None
    rows: int
    blocking: bool = True
    answer: str | None = None
    remembered: bool = False


@dataclass(slots=True)
class Asked:
    """The questions of one plan, each answered as far as an answer is known."""

    given: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    accept_proposals: bool = False
    questions: dict[str, Question] = field(default_factory=dict)

    def ask(self, question: Question) -> str | None:
        """Add the question and return its answer, or None while nobody has answered.

        An answer that is not among the options counts as none.
        """
        keys = {option.key for option in question.options}
        answer, remembered = self.given.get(question.id), False
        if answer not in keys:
            answer = self.remembered.get(question.id)
            remembered = answer in keys
            if not remembered:
                answer = question.proposal if self.accept_proposals else None
        self.questions[question.id] = replace(question, answer=answer, remembered=remembered)
        return answer

    def in_order(self) -> tuple[Question, ...]:
        """Return the questions: open ones first, then by kind."""
        order = list(QuestionKind)
        return tuple(
            sorted(
                self.questions.values(),
                key=lambda asked: (asked.answer is not None, order.index(asked.kind)),
            )
        )
