"""Every rule says in a sentence what it asks of a claim; no sentence is left over."""

from __future__ import annotations

import re

from fscdesk.services.claims.scrub.rule_sentences import SENTENCES
from fscdesk.services.claims.scrub.rules import RULES


def test_every_rule_has_its_sentence_and_no_other() -> None:
    assert list(SENTENCES) == list(RULES)


def test_they_are_sentences_for_people() -> None:
    for words in SENTENCES.values():
        assert re.fullmatch(r"[A-Z0-9].*\.", words), words
        assert len(words) <= 80, words
        assert "`" not in words
    assert len(set(SENTENCES.values())) == len(SENTENCES)
