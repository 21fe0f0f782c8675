"""The practice's own rules of remittances, and how much of a payer's posts by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Automation, RuleAction
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import Cas
from fscdesk.services.remittances.rule_setup import (
    RuleFields,
    RuleRow,
    remittance_rules,
    remove_rule,
    set_rule,
)
from fscdesk.services.remittances.rules import rule_book
from fscdesk.services.setup.payers import edit_payer, payers
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till
from tests.support.people import add_payer


def own(books: Office) -> list[RuleRow]:
    """The practice's own rules."""
    return list(books.read(lambda work: remittance_rules(work, shipped=False)))


def test_a_rule_is_added_changed_and_taken_away(books: Office, till: Till) -> None:
    other = books.write(lambda work: add_payer(work, "Example West", code="99902")).value
    for_all = RuleFields("co", "a1", RuleAction.TRACK, note="Only told")
    for_one = RuleFields("CO", "", RuleAction.DENY, payer_id=till.payer)
    first = assert_all_or_nothing(books, lambda work: set_rule(work, for_all)).value
    second = books.write(lambda work: set_rule(work, for_one)).value
    assert [(one.id, one.payer) for one in own(books)] == [(second, "Example East"), (first, "")]

    def acts(payer: int | None, carc: str) -> RuleAction:
        return books.read(lambda work: rule_book(work, payer).rule_of(Cas("CO", carc, 1)).action)

    assert acts(till.payer, "A1") is RuleAction.DENY
    assert acts(other, "A1") is RuleAction.TRACK
    assert acts(other, "45") is RuleAction.WRITE_OFF
    assert acts(None, "A1") is RuleAction.TRACK
    changed = RuleFields("CO", "A1", RuleAction.WRITE_OFF)
    books.write(lambda work: set_rule(work, changed, rule_id=first, expected_version=1))
    assert acts(other, "A1") is RuleAction.WRITE_OFF
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: remove_rule(work, first, expected_version=1))
    books.write(lambda work: remove_rule(work, first, expected_version=2))
    assert acts(other, "A1") is RuleAction.DENY  # as shipped
    assert [one.id for one in own(books)] == [second]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (RuleFields("CO", "45", RuleAction.PATIENT), "never makes money the client's"),
        (RuleFields("PR", "", RuleAction.PATIENT), "whole group"),
        (RuleFields("XX", "45", RuleAction.DENY), "no group"),
        (RuleFields("", "45", RuleAction.DENY), "no group"),
        (RuleFields("CO", "999", RuleAction.DENY), "no reason code"),
        (RuleFields("CO", "45", RuleAction.DENY, payer_id=999), "not in the books"),
        (RuleFields("CO", "16", RuleAction.DENY), "already"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    books: Office, till: Till, fields: RuleFields, words: str
) -> None:
    books.write(lambda work: set_rule(work, RuleFields("CO", "16", RuleAction.BLOCK)))
    with pytest.raises(Problem, match=words):
        books.write(lambda work: set_rule(work, fields))
    assert len(own(books)) == 1


def test_the_shipped_rules_are_shown_behind_the_own_ones(books: Office, till: Till) -> None:
    books.write(lambda work: set_rule(work, RuleFields("CO", "45", RuleAction.TRACK)))
    rows = books.read(remittance_rules)
    assert (rows[0].shipped, rows[1].shipped) == (False, True)
    assert {("CO", "45"), ("PR", "1"), ("*", "29")} <= {
        (one.fields.group, one.fields.carc) for one in rows[1:]
    }


def test_how_much_is_automatic_is_kept_with_the_payer(books: Office, till: Till) -> None:
    (row,) = books.read(payers)
    assert row.fields.automation == Automation.ONE_CLICK
    wanted = replace(row.fields, automation="automatic")

    def edit(work: Work) -> None:
        edit_payer(work, till.payer, wanted, expected_version=row.version)

    books.write(edit)
    assert books.read(payers)[0].fields.automation == Automation.AUTOMATIC
    kept = books.read(lambda work: work.db.get_one(Payer, till.payer).automation)
    assert kept is Automation.AUTOMATIC
    with pytest.raises(ChangedElsewhere):
        books.write(edit)
    odd = replace(wanted, automation="by magic")
    with pytest.raises(Problem, match="cannot be posted by by magic"):
        books.write(
            lambda work: edit_payer(work, till.payer, odd, expected_version=row.version + 1)
        )
