"""Remittance rules: what an adjustment of a payer does to the books, by group and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Final

from fscdesk.services.remittances.reasons import carc
from fscdesk.services.remittances.rule_setup import (
    ACTIONS,
    RuleAction,
    RuleFields,
    RuleRow,
    remittance_rules,
    remove_rule,
    set_rule,
)
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.bound import field_value, set_field
from fscdesk.ui.forms.carc_field import CarcField
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Options, Record, RecordAct
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import Chip, setup_spec, with_chips
from fscdesk.ui.tables.columns import Column, badge_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.theme import Status
from fscdesk.ui.undo import Undo

ANY: Final = "*"
SHIPPED: Final = "Shipped with the program. Yours overrules it."
OWN: Final = "It is a rule of your own: change it."
GROUP_WORDS: Final = (
    ("CO", "CO contract"),
    ("PR", "PR client"),
    ("OA", "OA other"),
    ("PI", "PI payer"),
    ("CR", "CR correction"),
)
_ANY_WORDS: Final = (ANY, "Any group")
_HINTS: Final = MappingProxyType(
    {
        RuleAction.WRITE_OFF: "Nobody pays it. Over all payers it is written off once.",
        RuleAction.ADJUST: "It is booked as it stands, plus or minus.",
        RuleAction.PATIENT: "The client owes it. Only with group PR, and for a named reason.",
        RuleAction.DENY: "It stays open with the payer, and the queue has it until the last day.",
        RuleAction.TRACK: "It is kept to be read, and moves nothing.",
        RuleAction.BLOCK: "The claim is not posted before somebody has looked.",
    }
)
"""What follows of each action: stands under the choice."""
MARKS: Final = MappingProxyType(
    {
        RuleAction.WRITE_OFF: Status("Write off", "slate", "scale"),
        RuleAction.ADJUST: Status("Adjust", "slate", "arrow-left-right"),
        RuleAction.PATIENT: Status("Client’s share", "blue", "user"),
        RuleAction.DENY: Status("Denied", "red", "circle-x"),
        RuleAction.TRACK: Status("Only keep", "neutral", "eye"),
        RuleAction.BLOCK: Status("Wait", "amber", "pause"),
    }
)
_ACTION_WORDS: Final = tuple(mark.word for mark in MARKS.values())
ALL_PAYERS: Final = "All payers"
YOURS, SHIPPED_WORD = "Yours", "Shipped"
_PLAIN: Final = ("payer_id", "group", "carc", "action", "note")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as a row of a list; shipped ones have ids below zero."""

    id: int
    row: RuleRow


@dataclass(frozen=True, slots=True)
class RuleInput:
    """What is typed of a rule, and whether it is one that came with the program."""

    fields: RuleFields
    shipped: bool = False


class RemittanceRulesPage(ListAndForm[RuleLine, RuleInput]):
    """The practice's rules, and the shipped ones behind them.

    Enter on a shipped one begins the rule that overrules it; it stays as it was shipped.
    """

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        self._shell = shell
        record = Record(
            noun="rule",
            rows=rule_lines,
            fields_of=lambda line: RuleInput(line.row.fields, line.row.shipped),
            blank=lambda: RuleInput(RuleFields("CO", "", RuleAction.BLOCK)),
            build=partial(_build, shell.desk),
            name_of=lambda typed: code_of(typed.fields),
            add=lambda work, typed: set_rule(work, typed.fields),
            edit=lambda work, line, typed: set_rule(
                work, typed.fields, rule_id=line.row.id, expected_version=line.row.version
            ),
            line_of=_line_of,
            options=_options,
            acts=(
                RecordAct(
                    "Overrule it",
                    self.overrule,
                    "pen-line",
                    off_because=lambda line: "" if line.row.shipped else OWN,
                ),
                RecordAct(
                    "Remove",
                    self.remove,
                    "x",
                    off_because=lambda line: SHIPPED if line.row.shipped else "",
                ),
            ),
            put=_put,
            take=_take,
            faults={
                "is no group of adjustments": "group",
                "is no reason code": "carc",
                "never makes money the client's": "action",
                "A whole group cannot be": "carc",
                "There is a rule for": "carc",
            },
        )
        spec = with_chips(
            setup_spec(
                "remittance-rules",
                "Remittance rules",
                ("rule", "rules"),
                rule_lines,
                _columns(),
                Topic.REMITTANCES,
                Empty("No rules yet.", "list-checks"),
            ),
            rule_lines,
            _chips(),
        )
        super().__init__(shell, spec, record, keeping=keeping)

    def overrule(self, line: RuleLine) -> None:
        """Begin a rule of the practice with what a shipped one says."""
        if not line.row.shipped:
            self.pane.enter()
            return
        fields = line.row.fields
        group = "CO" if fields.group == ANY else fields.group
        self.new()
        _put(self.pane.form, RuleInput(replace(fields, group=group, note="")))
        self.pane.form.field("action").editor.setFocus()

    def remove(self, line: RuleLine) -> None:
        """Take a rule of the practice away; Undo adds it again."""
        row, name = line.row, code_of(line.row.fields)

        def back(work: Work) -> str:
            set_rule(work, row.fields)
            return f"The rule for {name} is there again."

        def done(_none: None) -> None:
            self._shell.messages.info(
                f"The rule for {name} is removed. The next nearest counts again.",
                undo=Undo(f"removing the rule for {name}", back),
            )
            self.list.view.setFocus()

        self._shell.desk.act(
            self,
            lambda work: remove_rule(work, row.id, expected_version=row.version),
            done,
            self._shell.messages.refused,
        )

    def _on_opened(self, row: RuleLine) -> None:
        if row.row.shipped:
            self.overrule(row)
        else:
            super()._on_opened(row)


def rule_lines(work: Work) -> tuple[RuleLine, ...]:
    """Return all rules; a shipped one has no id of its own, so it is given one."""
    return tuple(
        RuleLine(-at if row.shipped else row.id, row)
        for at, row in enumerate(remittance_rules(work), start=1)
    )


def code_of(fields: RuleFields) -> str:
    """Return what a rule is about: ``CO-45``, ``PR``, ``29, any group``."""
    if fields.group == ANY:
        return f"{fields.carc}, any group" if fields.carc else "Anything else"
    return f"{fields.group}-{fields.carc}" if fields.carc else f"{fields.group}, all of it"


def _words_of(line: RuleLine) -> str:
    known = carc(line.row.fields.carc) if line.row.fields.carc else None
    return line.row.fields.note if known is None else known.words


def _line_of(line: RuleLine) -> str:
    if line.row.shipped:
        return SHIPPED
    return f"Your rule for {line.row.payer or 'all payers'}"


def _options(work: Work) -> Options:
    return {"payer_id": [(row.id, row.fields.name) for row in payers(work)]}


def _columns() -> tuple[Column[RuleLine], ...]:
    return (
        Column(
            "code",
            "Adjustment",
            lambda line: code_of(line.row.fields),
            second=_words_of,
            tooltip=_words_of,
            names=True,
            priority=1,
        ),
        badge_column(
            "action", "Does", lambda line: MARKS[line.row.fields.action], width=132, priority=1
        ),
        Column("payer", "Payer", lambda line: line.row.payer or "All", width=128, priority=3),
        Column("note", "Note", lambda line: line.row.fields.note, width=176, priority=6),
        Column(
            "whose",
            "Whose",
            _whose,
            width=76,
            priority=2,
        ),
    )


def _chips() -> tuple[Chip[RuleLine], ...]:
    groups = {ANY: "Any group", **dict(GROUP_WORDS)}
    return (
        Chip("payer", "Payer", lambda line: line.row.payer or ALL_PAYERS),
        Chip("group", "Group", lambda line: groups[line.row.fields.group], tuple(groups.values())),
        Chip("action", "Does", lambda line: MARKS[line.row.fields.action].word, _ACTION_WORDS),
        Chip("whose", "Whose", _whose, (YOURS, SHIPPED_WORD)),
    )


def _whose(line: RuleLine) -> str:
    return SHIPPED_WORD if line.row.shipped else YOURS


def _build(desk: Desk, form: Form) -> None:
    form.row(payer_id=ChoiceField[int]("Payer", optional=True, hint="Empty: for all payers."))
    form.row(
        group=ChoiceField("Group", GROUP_WORDS),
        carc=CarcField(desk, required=False, hint="Empty: the whole group."),
    )
    form.row(action=ChoiceField("Do", _choices(), hint=_HINTS[RuleAction.BLOCK]))
    form.row(note=TextField("Note", longest=300, optional=True, hint="Why you do it so."))
    form.field("action").changed.connect(partial(_tell, form))


def _choices() -> Sequence[tuple[RuleAction, str]]:
    return tuple(ACTIONS.items())


def _put(form: Form, typed: RuleInput) -> None:
    group = form.field("group")
    if isinstance(group, ChoiceField):
        any_group = (_ANY_WORDS,) if typed.fields.group == ANY else ()
        group.set_options((*any_group, *GROUP_WORDS))
    for name in _PLAIN:
        field = form.field(name)
        set_field(field, getattr(typed.fields, name))
        field.editor.setEnabled(not typed.shipped)
        field.editor.setToolTip(SHIPPED if typed.shipped else "")
    form.primary.off_because(SHIPPED if typed.shipped else "")
    _tell(form)


def _take(form: Form, _base: RuleInput) -> RuleInput:
    held = {name: field_value(form.field(name)) for name in _PLAIN}
    held["group"] = held["group"] or ""
    held["action"] = held["action"] or RuleAction.BLOCK
    return RuleInput(RuleFields(**held))


def _tell(form: Form) -> None:
    form.field("action").set_hint(_HINTS.get(field_value(form.field("action")), ""))
