"""Claim rules: what payers want on claims, in the order in which the rules run."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.rule_setup import (
    ACTS,
    RuleFields,
    RuleShown,
    add_rule,
    claim_rules,
    edit_rule,
    order_rules,
)
from fscdesk.services.errors import Problem
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.record_pane import Record, RecordAct
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup import rule_form
from fscdesk.ui.screens.setup.lists import active_column, setup_spec
from fscdesk.ui.tables.columns import Column, Kind, date_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.undo import Undo

EARLIER, LATER = "Ctrl+Up", "Ctrl+Down"


class RulesPage(ListAndForm[RuleShown, RuleFields]):
    """The rules. Ctrl+Up and Ctrl+Down move the current one: each works on what is left to it."""

    def __init__(self, shell: Shell, keeping: Keeping, today: rule_form.Today) -> None:
        self._shell = shell
        record = Record(
            noun="rule",
            rows=claim_rules,
            fields_of=lambda row: row.fields,
            blank=partial(rule_form.blank, today),
            build=partial(rule_form.build, today),
            name_of=lambda fields: fields.name,
            add=add_rule,
            edit=lambda work, row, fields: edit_rule(
                work, row.id, fields, expected_version=row.version
            ),
            line_of=lambda row: row.words,
            options=rule_form.options,
            acts=(
                RecordAct("Run it earlier", partial(self.shift, -1), "arrow-up"),
                RecordAct("Run it later", partial(self.shift, 1), "arrow-down"),
            ),
            put=rule_form.put,
            take=rule_form.take,
            faults={
                "before it begins": "valid_to",
                "name of the rule": "name",
                "what the rule says": "message",
                "compared": "conditions",
                "cannot look whether": "conditions",
                "cannot be set to": "value",
            },
        )
        columns: tuple[Column[RuleShown], ...] = (
            Column(
                "order",
                "Order",
                lambda row: str(row.position),
                Kind.NUMBER,
                lambda row: row.position,
                width=92,
                priority=4,
            ),
            Column(
                "name",
                "Rule",
                lambda row: row.fields.name,
                second=lambda row: row.words,
                names=True,
                priority=1,
            ),
            Column("payer", "Payer", lambda row: row.payer or "All", width=120, priority=3),
            Column("act", "Does", lambda row: ACTS[row.fields.act], width=108, priority=5),
            date_column("from", "From", lambda row: row.fields.valid_from, priority=6),
            date_column("to", "To", lambda row: row.fields.valid_to, priority=7),
            active_column(lambda row: row.fields.active),
        )
        empty = Empty("No rules yet. Say what a payer wants on its claims.", "list-checks")
        spec = setup_spec(
            "claim-rules",
            "Claim rules",
            ("rule", "rules"),
            claim_rules,
            columns,
            Topic.SETTINGS,
            empty,
        )
        super().__init__(shell, spec, record, keeping=keeping)
        self._take_keys()

    def shift(self, by: int, row: RuleShown) -> None:
        """Let a rule run earlier (-1) or later (1) than the one beside it."""

        def act(work: Work) -> tuple[list[int], list[int]]:
            before = [one.id for one in claim_rules(work)]
            at = before.index(row.id) if row.id in before else -1
            to = at + by
            if at < 0 or not 0 <= to < len(before):
                words = "runs first" if by < 0 else "runs last"
                raise Problem(f"{row.fields.name} {words} already.", hint="Nothing was changed.")
            after = list(before)
            after[at], after[to] = after[to], after[at]
            order_rules(work, after)
            return before, after

        def done(orders: tuple[list[int], list[int]]) -> None:
            word = "earlier" if by < 0 else "later"
            self._shell.messages.info(
                f"{row.fields.name} runs {word} now.",
                undo=Undo("the order of the rules", partial(_order_again, *orders)),
            )

        self._shell.desk.act(self, act, done, self._shell.messages.refused)

    def shift_current(self, by: int) -> None:
        """Move the current rule (Ctrl+Up, Ctrl+Down)."""
        row = self.list.view.picking.current_row
        if row is not None:
            self.shift(by, row)

    def _take_keys(self) -> None:
        """Let the keys that step through other lists move the rule itself."""
        wanted = {QKeySequence(EARLIER), QKeySequence(LATER)}
        for one in self.list.actions():
            if one.shortcut() in wanted:
                self.list.removeAction(one)
                one.setEnabled(False)
        _key(self.list, "Run the rule earlier", EARLIER, partial(self.shift_current, -1))
        _key(self.list, "Run the rule later", LATER, partial(self.shift_current, 1))


def _key(owner: QWidget, words: str, key: str, do: partial[None]) -> QAction:
    return action(owner, words, do, key)


def _order_again(before: list[int], after: list[int], work: Work) -> str:
    if [one.id for one in claim_rules(work)] != after:
        raise Problem("The rules were put in another order since then.", hint="Nothing was undone.")
    order_rules(work, before)
    return "The rules run in the order that they had."
