"""Setup, Rules: what payers want, how much each check weighs, who supervises whom; all by key."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from fscdesk.models.claim import Severity
from fscdesk.models.claim_rule import RuleAct
from fscdesk.services.claims.payer_rules import Condition
from fscdesk.services.claims.rule_setup import RuleFields, RuleShown, add_rule, claim_rules
from fscdesk.services.claims.rule_weights import rule_weights, supervisions
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.setup.check_pages import FIXED_BECAUSE
from fscdesk.ui.screens.setup.conditions_field import ConditionsField
from fscdesk.ui.screens.setup.rule_pages import RulesPage
from tests.support.robots.setup import SetupRobot
from tests.ui.setup.conftest import Ids

START = date(2026, 1, 1)


def rules(setup: SetupRobot) -> list[RuleShown]:
    return list(setup.asks(claim_rules))


def names(setup: SetupRobot) -> list[str]:
    return [row.fields.name for row in rules(setup)]


def goes(setup: SetupRobot) -> RulesPage:
    page = setup.goes_to_list("rules", "rules")
    assert isinstance(page, RulesPage)
    return page


def focuses(setup: SetupRobot, widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    setup.waits(widget.hasFocus)


def conditions(page: RulesPage) -> ConditionsField:
    field = page.pane.form.field("conditions")
    assert isinstance(field, ConditionsField)
    return field


def test_the_shipped_rules_are_said_in_a_sentence(setup: SetupRobot, ids: Ids) -> None:
    page = goes(setup)
    assert setup.texts(page, "name") == names(setup)
    row = next(one for one in rules(setup) if one.fields.value == "+95")
    setup.chooses(page, row.id)
    assert page.pane.line.text() == row.words
    assert [one.field for one in conditions(page).value()] == [
        "place_of_service",
        "public_program",
        "modifiers",
    ]
    assert not page.pane.dirty
    shown = {name for name in ("field", "value", "who", "message") if on(page, name)}
    assert shown == {"field", "value"}


def on(page: RulesPage, name: str) -> bool:
    return not page.pane.form.field(name).isHidden()


def test_a_rule_is_made_by_key_with_conditions_typed_and_picked(
    setup: SetupRobot, ids: Ids
) -> None:
    page = goes(setup)
    before = names(setup)
    setup.presses("Ctrl+N")
    form = page.pane.form
    setup.waits(form.field("name").editor.hasFocus)
    setup.types("Group needs HQ")
    field = conditions(page)
    focuses(setup, field.add)
    setup.presses("Space")
    setup.waits(lambda: len(field.rows) == 1)
    first = field.rows[0]
    setup.waits(first.field.hasFocus)
    assert first.condition() == Condition("code", "one_of", ())
    focuses(setup, first.typed)
    setup.types("90853, 90849")
    focuses(setup, field.add)
    setup.presses("Space")
    second = field.rows[1]
    setup.waits(second.field.hasFocus)
    setup.types("Payer")
    setup.waits(lambda: second.condition().field == "payer")
    focuses(setup, second.pick)
    setup.presses("Space")
    setup.waits(lambda: second.popup is not None and second.popup.list.hasFocus())
    popup = second.popup
    assert popup is not None
    setup.waits(lambda: popup.list.currentItem() is not None)
    setup.presses("Space", "Return")
    setup.waits(lambda: second.condition().values == (str(ids.blue),))
    assert second.pick.words() == "Imaginary Blue"
    focuses(setup, form.field("value").editor)
    setup.types("+HQ")
    setup.presses("Ctrl+S")
    setup.hears("Group needs HQ is added.")
    assert names(setup) == [*before, "Group needs HQ"]
    made = rules(setup)[-1]
    assert made.fields.conditions == (
        Condition("code", "one_of", ("90853", "90849")),
        Condition("payer", "one_of", (str(ids.blue),)),
    )
    assert (made.fields.field, made.fields.value) == ("modifiers", "+HQ")
    assert made.words.startswith("When code is one of 90853, 90849 and payer is one of Imaginary")


def test_what_it_does_decides_what_is_asked(setup: SetupRobot, ids: Ids) -> None:
    page = goes(setup)
    setup.presses("Ctrl+N")
    form = page.pane.form
    setup.waits(form.field("name").editor.hasFocus)
    setup.types("Look at this")
    setup.chooses_by_letter(form.field("act"), "H")
    assert [on(page, name) for name in ("field", "value", "who", "message")] == [
        False,
        False,
        False,
        True,
    ]
    setup.presses("Ctrl+S")
    setup.sees_fault(form.field("message"), "What it says is missing.")
    setup.types("Ask the payer first.")
    setup.presses("Ctrl+S")
    setup.hears("Look at this is added.")
    made = rules(setup)[-1].fields
    assert (made.act, made.message, made.field, made.value) == (
        RuleAct.HOLD,
        "Ask the payer first.",
        "",
        "",
    )
    setup.presses("Ctrl+N")
    setup.waits(form.field("name").editor.hasFocus)
    setup.types("Billed under the boss")
    setup.chooses_by_letter(form.field("field"), "R")
    assert (on(page, "value"), on(page, "who")) == (False, True)
    setup.chooses_by_letter(form.field("who"), "T")
    setup.presses("Ctrl+S")
    setup.hears("Billed under the boss is added.")
    made = rules(setup)[-1].fields
    assert (made.field, made.value) == ("rendering", "own_supervisor")


def test_a_value_that_cannot_be_is_refused_under_its_field(setup: SetupRobot, ids: Ids) -> None:
    page = goes(setup)
    setup.presses("Ctrl+N")
    form = page.pane.form
    setup.waits(form.field("name").editor.hasFocus)
    setup.types("Odd")
    focuses(setup, form.field("value").editor)
    setup.types("ninety-five")
    setup.presses("Ctrl+S")
    setup.sees_fault(form.field("value"), "Modifiers cannot be set to ninety-five.")
    focuses(setup, conditions(page).add)
    setup.presses("Space")
    setup.waits(conditions(page).rows[0].field.hasFocus)
    setup.presses("Ctrl+S")
    setup.sees_fault(form.field("conditions"), "Nothing says what code is compared with.")
    assert "Odd" not in names(setup)


def test_a_rule_runs_earlier_by_key_and_undo_gives_the_order_back(
    setup: SetupRobot, ids: Ids
) -> None:
    page = goes(setup)
    before = names(setup)
    setup.chooses(page, rules(setup)[1].id)
    focuses(setup, page.list.view)
    setup.presses("Ctrl+Up")
    setup.hears(f"{before[1]} runs earlier now.")
    moved = [before[1], before[0], *before[2:]]
    assert names(setup) == moved
    setup.waits(lambda: setup.texts(page, "name") == moved)
    current = page.list.view.picking.current_row
    assert current is not None
    assert current.fields.name == before[1]
    setup.presses("Ctrl+Up")
    setup.hears(f"{before[1]} runs first already.", Level.PROBLEM)
    setup.presses("Ctrl+Down")
    setup.hears(f"{before[1]} runs later now.")
    assert names(setup) == before
    setup.window.undo.undo()
    setup.hears("The rules run in the order that they had.")
    assert names(setup) == moved


def test_undo_of_an_order_that_somebody_has_changed_again_is_refused(
    setup: SetupRobot, ids: Ids
) -> None:
    page = goes(setup)
    setup.chooses(page, rules(setup)[1].id)
    focuses(setup, page.list.view)
    setup.presses("Ctrl+Up")
    setup.hears("runs earlier now.")
    fields = RuleFields("New", RuleAct.WARN, (), START, message="Look")
    setup.elsewhere(lambda work: add_rule(work, fields))
    now = names(setup)
    setup.window.undo.undo()
    setup.hears("were put in another order since then", Level.PROBLEM)
    assert names(setup) == now


def test_a_rule_is_switched_off_and_undone(setup: SetupRobot, ids: Ids) -> None:
    page = goes(setup)
    first = rules(setup)[0]
    setup.chooses(page, first.id)
    setup.presses("Return")
    focuses(setup, page.pane.form.field("active").editor)
    setup.presses("Space", "Ctrl+S")
    setup.hears(f"{first.fields.name} is saved.")
    assert not rules(setup)[0].fields.active
    setup.waits(lambda: setup.texts(page, "active")[0] == "Not used")
    setup.window.undo.undo()
    setup.hears("is as it was.")
    assert rules(setup)[0].fields.active


def test_a_condition_is_taken_away(setup: SetupRobot, ids: Ids) -> None:
    page = goes(setup)
    first = rules(setup)[0]
    setup.chooses(page, first.id)
    field = conditions(page)
    count = len(first.fields.conditions)
    focuses(setup, field.rows[0].gone)
    setup.presses("Space")
    setup.waits(lambda: len(field.rows) == count - 1)
    assert page.pane.dirty
    setup.presses("Ctrl+S")
    setup.hears(f"{first.fields.name} is saved.")
    assert rules(setup)[0].fields.conditions == first.fields.conditions[1:]


def test_a_draft_of_conditions_is_there_again(setup: SetupRobot, ids: Ids) -> None:
    page = goes(setup)
    first, second = rules(setup)[:2]
    setup.chooses(page, first.id)
    field = conditions(page)
    focuses(setup, field.add)
    setup.presses("Space")
    setup.waits(lambda: len(field.rows) == len(first.fields.conditions) + 1)
    typed = field.value()
    setup.chooses(page, second.id)
    assert conditions(page).value() == second.fields.conditions
    setup.chooses(page, first.id)
    assert conditions(page).value() == typed


def weight(setup: SetupRobot, rule: str) -> Severity | None:
    return next(one.now for one in setup.asks(rule_weights) if one.rule == rule)


def test_a_check_is_switched_off_by_key_and_undone(setup: SetupRobot, ids: Ids) -> None:
    page = setup.goes_to_list("rules", "checks")
    lines = setup.asks(rule_weights)
    assert setup.texts(page, "title") == [one.title for one in lines]
    at = next(at for at, one in enumerate(lines, start=1) if one.rule == "eligibility")
    setup.chooses(page, at)
    setup.presses("Return")
    field = page.pane.form.field("now")
    setup.waits(field.editor.hasFocus)
    setup.chooses_by_letter(field, "Of")
    assert isinstance(field, ChoiceField)
    assert field.value() == "off"
    setup.presses("Ctrl+S")
    setup.hears("The payer was asked whether the policy holds is saved.")
    assert weight(setup, "eligibility") is None
    setup.waits(lambda: setup.texts(page, "now")[at - 1] == "Off")
    assert setup.texts(page, "usual")[at - 1] == "Warns, changed"
    setup.window.undo.undo()
    setup.hears("is as it was.")
    assert weight(setup, "eligibility") is Severity.WARNS


def test_a_fixed_check_says_why_it_cannot_be_switched_off(setup: SetupRobot, ids: Ids) -> None:
    page = setup.goes_to_list("rules", "checks")
    lines = setup.asks(rule_weights)
    fixed = next(at for at, one in enumerate(lines, start=1) if one.fixed)
    other = next(at for at, one in enumerate(lines, start=1) if not one.fixed)
    setup.chooses(page, fixed)
    field = page.pane.form.field("now")
    assert not field.editor.isEnabled()
    assert field.editor.toolTip() == FIXED_BECAUSE
    assert not page.pane.form.primary.isEnabled()
    assert setup.texts(page, "usual")[fixed - 1] == "Fixed"
    setup.chooses(page, other)
    assert field.editor.isEnabled()
    assert page.pane.form.primary.isEnabled()


def test_a_supervision_is_added_ended_and_its_days_do_not_overlap(
    setup: SetupRobot, ids: Ids
) -> None:
    page = setup.goes_to_list("rules", "supervision")
    setup.presses("Ctrl+N")
    form = page.pane.form
    clinician = form.field("provider_id")
    assert isinstance(clinician, ChoiceField)
    setup.waits(clinician.editor.hasFocus)
    setup.waits(lambda: clinician.combo.count() > 1)
    setup.chooses_by_letter(form.field("provider_id"), "T")
    setup.chooses_by_letter(form.field("supervisor_id"), "T")
    setup.fills(form, valid_from="01/01/2026")
    setup.presses("Ctrl+S")
    setup.sees_fault(form.field("supervisor_id"), "A clinician is supervised by another one.")
    setup.chooses_by_letter(form.field("supervisor_id"), "M")
    setup.presses("Ctrl+S")
    setup.hears("The supervision is added.")
    (row,) = setup.asks(supervisions)
    assert (row.provider_id, row.supervisor_id, row.valid_from) == (ids.testa, ids.mockley, START)
    page = setup.goes_to_list("rules", "supervision")
    setup.chooses(page, row.id)
    buttons = {one.words(): one for one in page.pane.acts.buttons() if isinstance(one, Button)}
    focuses(setup, buttons["End it…"])
    setup.presses("Space")
    setup.dialog()
    setup.types("03/31/2026")
    setup.presses("Return")
    setup.hears("Mockley O'Sample supervises Testa Fernsample until 03/31/2026.")
    assert setup.asks(supervisions)[0].valid_to == date(2026, 3, 31)
