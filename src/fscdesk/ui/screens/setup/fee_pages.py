"""Fee schedules with the days from which they hold, and the fees in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import cast

from fscdesk.models.values import ZERO, Money
from fscdesk.services.setup.fees import (
    FeeFields,
    FeeRow,
    ScheduleFields,
    ScheduleRow,
    add_schedule,
    edit_schedule,
    fees,
    remove_fee,
    schedules,
    set_fee,
)
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Options, Record, RecordAct
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import setup_spec
from fscdesk.ui.tables.columns import Column, Kind, date_column, money_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.undo import Undo

Today = Callable[[], date]


@dataclass(frozen=True, slots=True)
class ScheduleInput:
    """What is typed of a schedule; ``end_previous`` lets the one before end the day before."""

    name: str
    payer_id: int | None
    valid_from: date
    valid_to: date | None = None
    end_previous: bool = True


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A fee with the words of its schedule."""

    id: int
    schedule: str
    row: FeeRow


@dataclass(frozen=True, slots=True)
class FeeInput:
    """What is typed of a fee; its schedule is chosen once."""

    schedule_id: int
    code: str
    charged: Money
    expected: Money | None = None
    modifier: str = ""


def schedules_page(shell: Shell, keeping: Keeping, today: Today) -> Part:
    """Return the fee schedules."""
    record = Record(
        noun="fee schedule",
        rows=schedules,
        fields_of=_schedule_input,
        blank=lambda: ScheduleInput("", None, today()),
        build=partial(_build_schedule, today),
        name_of=lambda fields: fields.name,
        add=lambda work, fields: add_schedule(
            work, _schedule_fields(fields), end_previous=fields.end_previous
        ),
        edit=lambda work, row, fields: edit_schedule(work, row, _schedule_fields(fields)),
        line_of=lambda row: f"{row.payer}, {count_text(row.fees, 'fee')}",
        options=_payer_options,
        fixed=("end_previous",),
        fixed_because="This is asked once, for a new schedule.",
        faults={"before it begins": "valid_to", "holds from": "valid_from"},
    )
    columns: tuple[Column[ScheduleRow], ...] = (
        Column("payer", "For", lambda row: row.payer, width=140, priority=2),
        Column("name", "Schedule", lambda row: row.fields.name, names=True, priority=1),
        date_column("from", "From", lambda row: row.fields.valid_from, priority=2),
        date_column("to", "To", lambda row: row.fields.valid_to, priority=3),
        Column(
            "fees", "Fees", lambda row: f"{row.fees:,}", Kind.NUMBER, lambda row: row.fees, width=72
        ),
    )
    empty = Empty("No fee schedule yet: the base rate of each service holds.", "badge-dollar-sign")
    spec = setup_spec(
        "schedules",
        "Fee schedules",
        ("fee schedule", "fee schedules"),
        schedules,
        columns,
        Topic.SERVICES,
        empty,
    )
    return ListAndForm(shell, spec, record, keeping=keeping)


class FeesPage(ListAndForm[FeeLine, FeeInput]):
    """The fees of all schedules: found by code, payer or schedule."""

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        self._shell = shell
        none = cast(int, None)  # the field is empty until one is chosen
        nothing = cast(Money, None)
        record = Record(
            noun="fee",
            rows=_lines,
            fields_of=_fee_input,
            blank=lambda: FeeInput(none, "", nothing),
            build=_build_fee,
            name_of=lambda fields: f"{fields.code} {fields.modifier}".strip(),
            add=lambda work, typed: set_fee(work, typed.schedule_id, _fee_fields(typed)),
            edit=lambda work, line, typed: set_fee(
                work, line.row.schedule_id, _fee_fields(typed), seen=line.row
            ),
            line_of=lambda line: line.schedule,
            options=_schedule_options,
            acts=(RecordAct("Remove", self.remove, "x"),),
            fixed=("schedule_id",),
            fixed_because="A fee stays in its schedule; add it to the other one.",
            faults={"has a price": "code"},
        )
        columns: tuple[Column[FeeLine], ...] = (
            Column("schedule", "Schedule", lambda line: line.schedule, width=200, priority=3),
            Column("code", "Code", lambda line: line.row.fields.code, names=True, priority=1),
            Column("modifier", "Modifier", lambda line: line.row.fields.modifier, width=84),
            money_column("charged", "Charged", lambda line: line.row.fields.charged, priority=1),
            money_column("expected", "Expected", lambda line: line.row.fields.expected),
        )
        empty = Empty("No fees yet. Begin with a fee schedule, then add its codes.", "coins")
        spec = setup_spec("fees", "Fees", ("fee", "fees"), _lines, columns, Topic.SERVICES, empty)
        super().__init__(shell, spec, record, keeping=keeping)

    def remove(self, line: FeeLine) -> None:
        """Remove a fee; charges made by it stay. Undo adds it again."""
        row = line.row
        name = f"{row.fields.code} {row.fields.modifier}".strip()

        def bring_back(work: Work) -> str:
            set_fee(work, row.schedule_id, row.fields)
            return f"The fee for {name} is there again."

        def done(_none: None) -> None:
            self._shell.messages.info(
                f"The fee for {name} is removed.",
                undo=Undo(f"the removal of the fee for {name}", bring_back),
            )

        self._shell.desk.act(
            self, lambda work: remove_fee(work, row), done, self._shell.messages.refused
        )


def _schedule_input(row: ScheduleRow) -> ScheduleInput:
    fields = row.fields
    return ScheduleInput(
        fields.name, fields.payer_id, fields.valid_from, fields.valid_to, end_previous=False
    )


def _schedule_fields(typed: ScheduleInput) -> ScheduleFields:
    return ScheduleFields(typed.name, typed.payer_id, typed.valid_from, typed.valid_to)


def _payer_options(work: Work) -> Options:
    return {"payer_id": [(row.id, row.fields.name) for row in payers(work)]}


def _build_schedule(today: Today, form: Form) -> None:
    form.row(name=TextField("Name", hint="Stands beside each price that comes from it."))
    form.row(
        payer_id=ChoiceField[int](
            "For", optional=True, hint="A payer's own goes first; empty: for everybody."
        )
    )
    form.row(
        valid_from=DateField("From", today=today, hint="Sessions from this day on."),
        valid_to=DateField("To", today=today, optional=True, hint="Empty: until a later one."),
    )
    form.row(
        end_previous=CheckField(
            "End the one before", value=True, hint="It ends the day before this one begins."
        )
    )


def _lines(work: Work) -> Sequence[FeeLine]:
    return [
        FeeLine(fee.id, _schedule_words(row), fee)
        for row in schedules(work)
        for fee in fees(work, row.id)
    ]


def _schedule_words(row: ScheduleRow) -> str:
    return f"{row.fields.name} ({row.payer}), from {day_text(row.fields.valid_from)}"


def _schedule_options(work: Work) -> Options:
    return {"schedule_id": [(row.id, _schedule_words(row)) for row in schedules(work)]}


def _fee_input(line: FeeLine) -> FeeInput:
    fields = line.row.fields
    return FeeInput(
        line.row.schedule_id, fields.code, fields.charged, fields.expected, fields.modifier
    )


def _fee_fields(typed: FeeInput) -> FeeFields:
    return FeeFields(typed.code, typed.charged, typed.expected, typed.modifier)


def _build_fee(form: Form) -> None:
    form.row(schedule_id=ChoiceField[int]("Schedule"))
    form.row(
        code=TextField("Code", longest=24),
        modifier=TextField("Modifier", optional=True, longest=24, hint="Empty: for any modifier."),
    )
    form.row(
        charged=MoneyField("Charged", rule=_not_negative, hint="What is billed for one unit."),
        expected=MoneyField(
            "Expected", optional=True, rule=_not_negative, hint="What the payer allows."
        ),
    )


def _not_negative(amount: Money) -> str:
    return "" if amount >= ZERO else "This is below 0.00."
