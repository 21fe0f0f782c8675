"""The policies of one patient: which payer covers him, from when to when, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import cast

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.patients.coverage import (
    RANKS,
    SUBSCRIBER_FIELDS,
    PolicyFields,
    PolicyRow,
    add_policy,
    edit_policy,
    end_policy,
    policies_of,
)
from fscdesk.services.setup.numbers import SEXES, state_of, zip_of
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Topic, Work
from fscdesk.ui.dialogs.on_day import DayDialog
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.bound import rule_of
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.numbers import NumberField
from fscdesk.ui.forms.record_pane import Options, Record, RecordAct
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.eligibility_part import AskFile, EligibilityPart
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import day_text
from fscdesk.ui.undo import Undo

_TOPICS = frozenset({Topic.PATIENTS, Topic.PAYERS})
_RELATIONS = [
    ("self", "Self"),
    ("spouse", "Spouse"),
    ("child", "Child"),
    ("other", "Somebody else"),
]
_RANKS = list(RANKS.items())


class PoliciesTab(ListAndForm[PolicyRow, PolicyFields]):
    """The policies in a list, the current one in a form."""

    def __init__(
        self,
        shell: Shell,
        patient_id: int,
        today: Callable[[], date],
        keeping: Keeping,
        ask_file: AskFile | None = None,
    ) -> None:
        self._shell, self._today = shell, today
        rows = self._rows = partial(_rows, patient_id)
        record = Record(
            noun="policy",
            rows=rows,
            fields_of=_fields,
            blank=lambda: _blank(today()),
            build=partial(_build, today),
            name_of=lambda fields: f"{RANKS.get(fields.rank, '')} policy".strip().capitalize(),
            add=lambda work, fields: add_policy(work, patient_id, fields),
            edit=lambda work, row, fields: edit_policy(
                work, row.id, fields, expected_version=row.version
            ),
            line_of=lambda row: f"{row.payer}, {_days(row)}",
            options=_options,
            acts=(RecordAct("End this policy…", self.end, "circle-stop", off_because=_ended),),
            faults={
                "before it begins": "valid_to",
                "so it cannot end": "valid_to",
            },
        )
        super().__init__(shell, _spec(rows), record, keeping=keeping)
        self.eligibility = EligibilityPart(shell, patient_id, ask_file)
        self._put_below_the_list(self.eligibility)
        self.list.current_changed.connect(
            lambda row: self.eligibility.show_policy(None if row is None else row.id)
        )

    def _put_below_the_list(self, part: QWidget) -> None:
        """Use the room under the few rows: the form beside them is long."""
        holder, across = QWidget(), self.layout()
        assert isinstance(across, QHBoxLayout)
        across.removeWidget(self.list)
        across.insertWidget(0, holder, 1)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addWidget(part)

    def end(self, row: PolicyRow) -> None:
        """Ask for the last day of a policy, and let it end then."""
        dialog = DayDialog(
            f"End the {row.rank_word.lower()} policy with {row.payer}?",
            "Sessions until that day stay covered by it; later ones are not.",
            "Last day that it covers",
            ("End the policy", "Keep it"),
            today=self._today,
            rule=partial(_not_before, row.valid_from),
            parent=self,
        )
        dialog.accepted.connect(lambda: self._end(row, dialog.day()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _end(self, row: PolicyRow, last: date) -> None:
        def act(work: Work) -> PolicyRow:
            end_policy(work, row.id, last, expected_version=row.version)
            return next(one for one in self._rows(work) if one.id == row.id)

        def done(now: PolicyRow) -> None:
            self._shell.messages.info(
                f"The policy with {row.payer} ends on {day_text(last)}.",
                undo=Undo(f"the end of the policy with {row.payer}", partial(_reopen, row, now)),
            )

        self._shell.desk.act(self, act, done, self._shell.messages.refused)


def _spec(rows: Callable[[Work], Sequence[PolicyRow]]) -> ListSpec[PolicyRow]:
    columns: tuple[Column[PolicyRow], ...] = (
        Column("rank", "Rank", lambda row: row.rank_word, width=96, priority=2),
        Column("payer", "Payer", lambda row: row.payer, names=True, priority=1),
        Column("member", "Member id", lambda row: row.member_id, width=132, priority=3),
        date_column("from", "From", lambda row: row.valid_from, priority=2),
        date_column("to", "To", lambda row: row.valid_to, priority=2),
        money_column("copay", "Copay", lambda row: row.copay, states_zero=True, priority=4),
    )
    return ListSpec(
        key="account-policies",
        name="Policies",
        columns=columns,
        query=query_of(rows, columns, "rank"),
        noun=("policy", "policies"),
        ticking=False,
        totals=False,
        title=False,
        sort="rank",
        topics=_TOPICS,
        empty=Empty(
            "No policy is known: sessions are billed to the payer that the import names.",
            "shield-check",
        ),
    )


def _build(today: Callable[[], date], form: Form) -> None:
    form.row(
        payer_id=ChoiceField[int]("Payer"),
        rank=ChoiceField("Rank", _RANKS, 1, hint="The primary is billed first."),
    )
    form.row(
        member_id=TextField(
            "Member id", longest=24, optional=True, hint="As on the card; no claim without."
        ),
        group_number=TextField("Group", longest=24, optional=True),
    )
    form.row(
        valid_from=DateField("From", today=today, hint="The first day that it covers."),
        valid_to=DateField("To", today=today, optional=True, hint="The last day; empty for none."),
    )
    form.row(
        copay=MoneyField("Copay", optional=True, rule=_not_negative, hint="For each session."),
        coinsurance_percent=NumberField("Coinsurance", optional=True, highest=100, unit="percent"),
    )
    form.row(
        deductible=MoneyField("Deductible", optional=True, rule=_not_negative),
        plan_name=TextField("Plan", optional=True, longest=60, hint="Box 11c of a claim."),
    )
    form.heading("Who is insured")
    form.row(
        relationship=ChoiceField(
            "Insured by", _RELATIONS, "self", hint="What the client is to the insured person."
        )
    )
    form.row(
        subscriber_first=TextField("First name of the insured", optional=True, longest=35),
        subscriber_last=TextField("Last name", optional=True, longest=60),
    )
    form.row(
        subscriber_birth=DateField("Date of birth", today=today, optional=True),
        subscriber_sex=ChoiceField("Sex", list(SEXES.items()), ""),
    )
    form.row(
        subscriber_address1=TextField(
            "Address", optional=True, longest=55, hint="Empty: the client's own."
        ),
        subscriber_city=TextField("City", optional=True, longest=30),
    )
    form.row(
        subscriber_state=TextField("State", optional=True, longest=20, rule=rule_of(state_of)),
        subscriber_zip=TextField("ZIP code", optional=True, longest=20, rule=rule_of(zip_of)),
    )
    form.heading("What the client has signed")
    form.row(
        release_signed=CheckField(
            "We may tell the payer", value=True, hint="Box 12. Without it no claim goes."
        ),
        benefits_assigned=CheckField(
            "The payer pays us", value=True, hint="Box 13. Off: it pays the client."
        ),
    )


def _rows(patient_id: int, work: Work) -> Sequence[PolicyRow]:
    return policies_of(work, patient_id)


def _options(work: Work) -> Options:
    found = [(row.id, row.fields.short_name) for row in payers(work) if row.fields.active]
    return {"payer_id": found}


def _blank(today: date) -> PolicyFields:
    nobody = cast(int, None)  # until one is chosen, the field is empty and refuses to be saved
    return PolicyFields(payer_id=nobody, rank=1, member_id="", valid_from=today)


def _fields(row: PolicyRow) -> PolicyFields:
    return PolicyFields(
        payer_id=row.payer_id,
        rank=row.rank,
        member_id=row.member_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        group_number=row.group_number,
        copay=row.copay,
        coinsurance_percent=row.coinsurance_percent,
        deductible=row.deductible,
        **{name: getattr(row, name) for name in SUBSCRIBER_FIELDS},
    )


def _days(row: PolicyRow) -> str:
    until = f"to {day_text(row.valid_to)}" if row.valid_to else "on"
    return f"from {day_text(row.valid_from)} {until}"


def _ended(row: PolicyRow) -> str:
    return f"It ends on {day_text(row.valid_to)}; change the day above." if row.valid_to else ""


def _not_before(first: date, day: date) -> str:
    return "" if day >= first else f"It begins on {day_text(first)}, so it ends then or later."


def _not_negative(amount: Money) -> str:
    return "" if amount >= ZERO else "This is below 0.00."


def _reopen(before: PolicyRow, after: PolicyRow, work: Work) -> str:
    edit_policy(work, before.id, _fields(before), expected_version=after.version)
    return f"The policy with {before.payer} holds on."
