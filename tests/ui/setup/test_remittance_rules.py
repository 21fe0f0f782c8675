"""Setup, Remittance rules, and how much of a payer's remittances posts by itself; all by key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from fscdesk.models.remittance import Automation, RuleAction
from fscdesk.services.office import Office
from fscdesk.services.remittances.rule_setup import RuleFields, RuleRow, remittance_rules, set_rule
from fscdesk.services.setup.payers import payers
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.carc_field import CarcField, reasons_with
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.setup.remittance_rule_pages import (
    SHIPPED,
    RemittanceRulesPage,
    rule_lines,
)
from fscdesk.ui.tables.spec import ChoiceFilter
from tests.support.robots.setup import SetupRobot
from tests.ui.setup.conftest import Ids


def goes(setup: SetupRobot) -> RemittanceRulesPage:
    page = setup.goes_to_list("rules", "remittances")
    assert isinstance(page, RemittanceRulesPage)
    return page


def own(setup: SetupRobot) -> list[RuleRow]:
    return [row for row in setup.asks(remittance_rules) if not row.shipped]


def focuses(setup: SetupRobot, widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    setup.waits(widget.hasFocus)


def carc(page: RemittanceRulesPage) -> CarcField:
    field = page.pane.form.field("carc")
    assert isinstance(field, CarcField)
    return field


def finds(setup: SetupRobot, page: RemittanceRulesPage, words: str, code: str) -> None:
    """Type into the field of the reason and take a code of what is found."""
    field = carc(page)
    focuses(setup, field.edit)
    setup.presses("Ctrl+A")
    setup.types(words)
    setup.waits(field.popup.isVisible)
    setup.presses(*["Down"] * [line.title for line in field.list.lines].index(code), "Return")
    setup.waits(lambda: field.value() == code)


def line_of(setup: SetupRobot, group: str, code: str) -> int:
    lines = setup.asks(rule_lines)
    wanted = (group, code)
    return next(one.id for one in lines if (one.row.fields.group, one.row.fields.carc) == wanted)


def test_a_rule_of_a_payer_is_made_by_key_and_its_reason_found_by_words(
    setup: SetupRobot, ids: Ids
) -> None:
    page = goes(setup)
    setup.presses("Ctrl+N")
    form = page.pane.form
    setup.waits(form.field("payer_id").editor.hasFocus)
    setup.chooses_by_letter(form.field("payer_id"), "I")
    finds(setup, page, "contract", "45")
    setup.chooses_by_letter(form.field("action"), "W")
    setup.fills(form, note="As agreed in May")
    setup.presses("Ctrl+S")
    setup.hears("CO-45 is added.")
    (row,) = own(setup)
    assert row.fields == RuleFields("CO", "45", RuleAction.WRITE_OFF, ids.blue, "As agreed in May")
    setup.waits(lambda: setup.texts(page, "whose")[0] == "Yours")
    assert setup.texts(page, "payer")[0] == "Imaginary Blue Plan"


def test_the_clients_share_is_refused_outside_group_pr_under_the_action(
    setup: SetupRobot, ids: Ids
) -> None:
    page = goes(setup)
    setup.presses("Ctrl+N")
    form = page.pane.form
    setup.waits(form.field("payer_id").editor.hasFocus)
    finds(setup, page, "3", "3")
    setup.chooses_by_letter(form.field("action"), "Th")
    setup.presses("Ctrl+S")
    setup.sees_fault(form.field("action"), "Group CO never makes money the client's; only PR does.")
    assert own(setup) == []
    setup.chooses_by_letter(form.field("group"), "P")
    setup.presses("Ctrl+S")
    setup.hears("PR-3 is added.")
    assert own(setup)[0].fields.action is RuleAction.PATIENT


def test_a_shipped_rule_cannot_be_changed_and_enter_overrules_it(
    setup: SetupRobot, ids: Ids
) -> None:
    page = goes(setup)
    shipped = line_of(setup, "*", "29")
    setup.chooses(page, shipped)
    form = page.pane.form
    assert page.pane.line.text() == SHIPPED
    assert page.pane.heading.text() == "29, any group"
    assert not form.field("action").editor.isEnabled()
    assert not form.primary.isEnabled()
    setup.presses("Return")
    setup.waits(form.field("action").editor.hasFocus)
    assert form.field("action").editor.isEnabled()
    setup.chooses_by_letter(form.field("action"), "Wa")
    setup.presses("Ctrl+S")
    setup.hears("CO-29 is added.")
    (row,) = own(setup)
    assert (row.fields.group, row.fields.carc, row.fields.action) == (
        "CO",
        "29",
        RuleAction.BLOCK,
    )
    assert line_of(setup, "*", "29")


def test_an_own_rule_is_changed_removed_and_there_again(setup: SetupRobot, ids: Ids) -> None:
    setup.elsewhere(lambda work: set_rule(work, RuleFields("CO", "253", RuleAction.TRACK)))
    page = goes(setup)
    (row,) = own(setup)
    setup.chooses(page, row.id)
    setup.presses("Return")
    setup.waits(page.pane.form.field("payer_id").editor.hasFocus)
    setup.chooses_by_letter(page.pane.form.field("action"), "Wr")
    setup.presses("Ctrl+S")
    setup.hears("CO-253 is saved.")
    assert own(setup)[0].fields.action is RuleAction.WRITE_OFF
    setup.window.undo.undo()
    setup.hears("CO-253 is as it was.")
    assert own(setup)[0].fields.action is RuleAction.TRACK
    setup.waits(lambda: page.pane.row is not None and page.pane.row.row.version == 3)
    buttons = {one.words(): one for one in page.pane.acts.buttons() if isinstance(one, Button)}
    assert not buttons["Overrule it"].isEnabled()
    focuses(setup, buttons["Remove"])
    setup.presses("Space")
    setup.hears("The rule for CO-253 is removed.")
    assert own(setup) == []
    setup.window.undo.undo()
    setup.hears("The rule for CO-253 is there again.")
    assert own(setup)[0].fields == RuleFields("CO", "253", RuleAction.TRACK)


def test_two_rules_for_the_same_are_refused_under_the_reason(setup: SetupRobot, ids: Ids) -> None:
    setup.elsewhere(lambda work: set_rule(work, RuleFields("CO", "16", RuleAction.BLOCK)))
    page = goes(setup)
    setup.presses("Ctrl+N")
    form = page.pane.form
    setup.waits(form.field("payer_id").editor.hasFocus)
    finds(setup, page, "16", "16")
    setup.presses("Ctrl+S")
    setup.sees_fault(form.field("carc"), "There is a rule for CO-16 of all payers already.")
    assert len(own(setup)) == 1


def test_what_is_no_code_is_told_and_the_whole_group_may_be_meant(
    setup: SetupRobot, ids: Ids
) -> None:
    page = goes(setup)
    setup.presses("Ctrl+N")
    form = page.pane.form
    setup.waits(form.field("payer_id").editor.hasFocus)
    focuses(setup, carc(page).edit)
    setup.types("zebra")
    setup.waits(lambda: carc(page)._asked)
    setup.presses("Tab")
    setup.sees_fault(carc(page), "No code and no words are like “zebra”.")
    focuses(setup, carc(page).edit)
    setup.presses("Ctrl+A", "Delete")
    setup.chooses_by_letter(form.field("group"), "OA")
    setup.presses("Ctrl+S")
    setup.hears("OA, all of it is added.")
    assert own(setup)[0].fields == RuleFields("OA", "", RuleAction.BLOCK)


def test_codes_come_before_words_and_unknown_ones_are_codes_too() -> None:
    assert next(one.code for one in reasons_with("45")) == "45"
    assert {"A0", "A1", "A5"} & {one.code for one in reasons_with("a")}
    assert "197" in [one.code for one in reasons_with("authorization no")]
    (only,) = reasons_with("398")
    assert (only.code, only.words) == ("398", "A code that is not in our list")
    assert reasons_with("zebra") == ()
    assert reasons_with("  ") == ()


def test_how_much_posts_by_itself_is_said_and_kept(setup: SetupRobot, ids: Ids) -> None:
    page = setup.goes_to_list("payers", "payers")
    setup.chooses(page, ids.blue)
    field = page.pane.form.field("automation")
    before = field.editor.accessibleDescription()
    assert "all at once" in before
    setup.presses("Return")
    setup.chooses_by_letter(field, "E")
    setup.waits(lambda: "whoever reads the file" in field.editor.accessibleDescription())
    setup.presses("Ctrl+S")
    setup.hears("Imaginary Blue Plan is saved.")
    (row,) = setup.asks(payers)
    assert row.fields.automation == Automation.REVIEW
    assert setup.heard[-1].level is Level.INFO
    setup.window.undo.undo()
    setup.hears("is as it was.")
    (row,) = setup.asks(payers)
    assert row.fields.automation == Automation.ONE_CLICK


def chip_values(setup: SetupRobot, page: RemittanceRulesPage, key: str) -> dict[str, int | None]:
    """What a chip of the list offers, with how many rows each value has."""
    (chip,) = [one for one in page.list.spec.filters if one.key == key]
    assert isinstance(chip, ChoiceFilter)
    assert chip.ask is not None
    ask, state = chip.ask, page.list.state
    return {one.word: one.count for one in setup.asks(lambda work: ask(work, state))}


def test_chips_show_the_rules_of_a_payer_a_group_and_what_they_do(
    setup: SetupRobot, sqlite_books: Office, ids: Ids
) -> None:
    rule = RuleFields("CO", "45", RuleAction.WRITE_OFF, ids.blue)
    sqlite_books.write(lambda work: set_rule(work, rule))
    page = goes(setup)
    assert [one.title for one in page.list.spec.filters] == ["Payer", "Group", "Does", "Whose"]
    assert chip_values(setup, page, "payer")["Imaginary Blue Plan"] == 1
    assert chip_values(setup, page, "whose")["Yours"] == 1
    page.list.filter_by(page.list.state.with_values("payer", ("Imaginary Blue Plan",)))
    setup.waits(lambda: page.list.model.settled and page.list.model.total == 1)
    assert setup.texts(page, "code") == ["CO-45"]
    assert chip_values(setup, page, "action") == {"Write off": 1}
    page.list.filter_by(
        page.list.state.without("payer")
        .with_values("action", ("Denied",))
        .with_values("group", ("Any group",))
    )
    setup.waits(lambda: page.list.model.settled and page.list.model.total > 1)
    assert setup.texts(page, "code")[:2] == ["4, any group", "5, any group"]
    assert set(setup.texts(page, "action")[:9]) == {"Denied"}
    setup.waits(page.list.view.hasFocus)
