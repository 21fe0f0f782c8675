"""The wizard's sentences, and the cards that are made of a plan's questions."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.import_batch import Verdict
from fscdesk.models.values import Money
from fscdesk.services.importing.plan import FieldChange, PlanRow
from fscdesk.services.importing.plan_rows import PlanLine
from fscdesk.services.importing.questions import Option, Question, QuestionKind
from fscdesk.services.importing.taking_back import Undone
from fscdesk.ui.screens.importing.plan_questions import card_of
from fscdesk.ui.screens.importing.words import (
    balance_words,
    happening,
    happening_text,
    said_text,
    undone_words,
)


@pytest.mark.parametrize(
    ("field", "said", "ours"),
    [
        ("Note", "LOCKED", "signed"),
        ("Note", "NO NOTE", "none"),
        ("Claim", "UNPAID", "sent"),
        ("Claim", "OVER", "overpaid"),
        ("Client payment", "UNINVOICED", "uninvoiced"),
        ("Payer", "Example East (99903)", "Example East"),
        ("Clinician", "Placebo Q. Standin, PMHNP-BC", "Placebo Q. Standin"),
        ("Client paid", "-30.00", "−30.00"),
        ("Client", "Ann (the younger)", "Ann (the younger)"),
    ],
)
def test_simplepractice_is_said_in_our_words(field: str, said: str, ours: str) -> None:
    assert said_text(field, said) == ours


def test_sentences_count_in_words() -> None:
    assert balance_words(Money(), 1) == "Open balance 0.00, 1 entry"
    assert balance_words(Money(-48050), 41) == "Open balance −480.50, 41 entries"
    assert undone_words(Undone(7, "w.csv", 1, 0, 2)) == (
        "Import 7 of w.csv is undone: 1 session withdrawn, 2 entries reversed."
    )
    assert undone_words(Undone(7, "w.csv", 12, 18, 41)) == (
        "Import 7 of w.csv is undone: 12 sessions withdrawn, 18 as they were before, "
        "41 entries reversed."
    )
    assert undone_words(Undone(7, "w.csv", 40, 0, 0, sessions=False)) == (
        "Import 7 of w.csv is undone: what it made is taken out."
    )


def asked(kind: QuestionKind, *options: tuple[str, str], **more: object) -> Question:
    made = tuple(Option(key, label) for key, label in options)
    return Question("q", kind, "Is it?", "1 row.", made, None, 1, **more)  # type: ignore[arg-type]


def test_one_likely_client_needs_no_name_in_the_answer_several_do() -> None:
    one = card_of(
        asked(
            QuestionKind.PATIENT,
            ("same:1", "Same client: José Ficción, 1012"),
            ("new", "New client"),
        )
    )
    assert [(answer.words, answer.letter) for answer in one.answers] == [
        ("Same client", "s"),
        ("New client", "n"),
    ]
    two = card_of(
        asked(
            QuestionKind.PATIENT,
            ("same:1", "Same client: Nova North, 1"),
            ("same:2", "Same client: Nova Nord, 2"),
            ("new", "New client"),
        )
    )
    assert [(answer.words, answer.letter) for answer in two.answers] == [
        ("Nova North, 1", "n"),
        ("Nova Nord, 2", "2"),
        ("New client", "c"),
    ]


def test_long_answers_are_cut_where_the_question_says_the_rest() -> None:
    card = card_of(
        asked(
            QuestionKind.GONE,
            ("cancel", "Cancel it, its charges are reversed"),
            ("keep", "Keep it"),
        )
    )
    assert [answer.words for answer in card.answers] == ["Cancel it", "Keep it"]
    code = card_of(asked(QuestionKind.CODE, ("use:012", "Yes, 012"), ("new", "No, 12 is new")))
    assert [answer.words for answer in code.answers] == ["Yes, 012", "No, 12 is new"]


def test_a_remembered_answer_says_so() -> None:
    card = card_of(
        asked(QuestionKind.CODE, ("a", "Late"), ("b", "Missed"), answer="b", remembered=True)
    )
    assert card.chosen == "b"
    assert card.detail == "1 row. Remembered from an earlier import."


def test_a_cell_cuts_what_was_and_the_whole_words_cut_nothing() -> None:
    changes = (
        FieldChange("Clinician", "Placebo Quentin Q. Standin", "Placebo Q. Standin, PMHNP-BC"),
        FieldChange("Moved", "03/19/2026 14:00", "03/20/2026 10:00"),
    )
    row = PlanRow(
        *(0, 2, Verdict.CHANGED, date(2026, 3, 20), 600, "Ümit", "", "", "", "", changes),
        *(Money(), None, 1, ""),
    )
    line = PlanLine(0, row, "changed", ())
    shown = "".join(words for words, _ink in happening(line))
    assert " ".join(shown.split()) == (
        "Moved 03/19 14:00 → 03/20 10:00 Clinician Placebo Quentin… → Placebo Q. Standin"
    )
    assert happening_text(line).endswith(
        "Clinician Placebo Quentin Q. Standin → Placebo Q. Standin"
    )
