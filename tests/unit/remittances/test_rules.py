"""Which rule decides about an adjustment, and that the shipped ones are safe."""

from __future__ import annotations

import pytest

from fscdesk.models.remittance import RuleAction
from fscdesk.services.billing.adjustment_rules import GROUPS
from fscdesk.services.remittances.answered import Cas
from fscdesk.services.remittances.carc import carc_of
from fscdesk.services.remittances.rules import ANY_GROUP, Found, RuleBook, shipped_rules

DENY, BLOCK, TRACK = RuleAction.DENY, RuleAction.BLOCK, RuleAction.TRACK


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("CO 45", RuleAction.WRITE_OFF),
        ("CO 253", RuleAction.WRITE_OFF),
        ("CO 24", RuleAction.WRITE_OFF),
        ("CO 144", RuleAction.ADJUST),
        ("PR 1", RuleAction.PATIENT),
        ("PR 2", RuleAction.PATIENT),
        ("PR 3", RuleAction.PATIENT),
        ("CO 3", BLOCK),
        ("OA 23", TRACK),
        ("CO 97", DENY),
        ("PR 96", DENY),
        ("PI 197", DENY),
        ("PR 45", BLOCK),
        ("OA 45", BLOCK),
        ("CO 399", BLOCK),
        ("XX 45", BLOCK),
        ("CR 45", BLOCK),
    ],
)
def test_what_is_shipped(code: str, action: RuleAction) -> None:
    group, carc = code.split()
    assert RuleBook().rule_of(Cas(group, carc, 1)).action is action


def test_shipped_rules_are_codes_with_words_and_only_pr_is_the_clients() -> None:
    for (group, carc), found in shipped_rules().items():
        assert group in GROUPS | {ANY_GROUP}
        assert not carc or carc_of(carc) == carc
        assert found.note
        assert found.action is not RuleAction.PATIENT or (group == "PR" and carc in "123")


def test_the_nearest_rule_decides() -> None:
    book = RuleBook(
        own={("CO", "45"): Found(DENY, "a"), ("PI", ""): Found(TRACK, "b")},
        practice={
            ("CO", "45"): Found(BLOCK, "c"),
            ("PI", "45"): Found(DENY, "d"),
            ("CO", ""): Found(BLOCK, "e"),
        },
    )
    said = [book.rule_of(Cas(*each, 1)).note for each in (("CO", "45"), ("PI", "45"), ("CO", "1"))]
    assert said == ["a", "b", "e"]
    assert book.rule_of(Cas("PR", "1", 1)).source == "shipped"
