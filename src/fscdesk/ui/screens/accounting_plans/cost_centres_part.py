"""The Cost centres tab: the centres with their form, and which clinician belongs to which."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QTimer

from fscdesk.services.accounting.centre_history import BEGINNING, CentreSpan, centre_on
from fscdesk.services.accounting.cost_centres import (
    CentreDraft,
    CentreRow,
    CostCentreKind,
    MemberRow,
    assign,
    centre_members,
    cost_centres,
    save_cost_centre,
)
from fscdesk.services.errors import Problem
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Options, Record, RecordAct
from fscdesk.ui.parts import Part
from fscdesk.ui.screens.accounting.part import HeldPart, Rooms
from fscdesk.ui.screens.accounting_plans.lists import plain_spec, use_column
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts
from fscdesk.ui.tables.columns import Column, Kind, date_column
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.undo import Undo

CENTRES, CLINICIANS = "centres", "clinicians"
_KINDS: Final[Mapping[CostCentreKind, str]] = {
    kind: kind.value.replace("_", " ").capitalize() for kind in CostCentreKind
}
_RULE: Final = (
    "A session counts for the cost centre that its clinician has on the day of service. A journal "
    "line that names one counts for that one."
)


@dataclass(frozen=True, slots=True)
class CentreLine:
    """A cost centre in the list. A table counts its rows by numbers, so the code is made one."""

    id: int
    row: CentreRow


@dataclass(frozen=True, slots=True)
class MemberInput:
    """What is chosen of a clinician; None for no cost centre, and from the beginning."""

    name: str = ""
    cost_centre: str | None = None
    from_day: date | None = None
    late_reason: str = ""


class CostCentresPart(HeldPart):
    """Centres, and the clinicians in a second tab."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.tabs = TabbedParts(
            "Cost centres",
            [
                PartTab(CENTRES, "Cost centres", self._centres),
                PartTab(CLINICIANS, "Clinicians", self._clinicians),
            ],
        )
        super().__init__(self.tabs)
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._on_focus)
        self.tabs.opened.connect(lambda _key: self.told.emit())
        self.tabs.open(CENTRES)
        self.tabs.tabs.chosen.connect(lambda _key: self._focus_soon.start())

    def note(self) -> str:
        return _RULE if self.tabs.current == CLINICIANS else ""

    def _on_focus(self) -> None:
        """Go to the rows of the tab that was chosen, as with the tabs of the place."""
        if self.isVisible():
            self.enter()

    def show_what(self, what: Mapping[str, Any]) -> None:
        if what.get("list") in (CENTRES, CLINICIANS):
            self.tabs.open(str(what["list"]))

    def here(self) -> Mapping[str, object]:
        return {"list": self.tabs.current}

    def _centres(self) -> Part:
        record: Record[CentreLine, CentreDraft] = Record(
            noun="cost centre",
            rows=_lines,
            fields_of=_draft_of,
            blank=lambda: CentreDraft("", ""),
            build=_build,
            name_of=lambda fields: fields.name,
            add=lambda work, fields: _number(save_cost_centre(work, fields)),
            edit=lambda work, line, fields: save_cost_centre(
                work, replace(fields, code=line.row.code), expected_version=line.row.version
            ),
            line_of=_line_of,
            options=_parents,
            acts=(
                RecordAct("Close", self._close, "lock", lambda one: _off(one, active=False)),
                RecordAct("Open again", self._reopen, "lock-open", _off),
            ),
            fixed=("code",),
            fixed_because="The code stays: what was posted under it names it.",
            faults={
                "cost centre": "code",
                "cannot be the code": "code",
                "is called": "name",
                "cannot lie under": "parent",
            },
        )
        columns: tuple[Column[CentreLine], ...] = (
            Column("code", "Code", lambda one: one.row.code, width=116, priority=1),
            Column("name", "Cost centre", lambda one: one.row.name, names=True, priority=0),
            Column("kind", "Kind", lambda one: _KINDS[one.row.kind], width=120, priority=4),
            Column("parent", "Under", lambda one: one.row.parent or "", width=110, priority=5),
            Column(
                "members",
                "Clinicians",
                lambda one: count_text(one.row.providers) if one.row.providers else "",
                Kind.NUMBER,
                lambda one: one.row.providers,
                width=92,
                priority=4,
            ),
            use_column(lambda one: one.row.active),
        )
        spec = plain_spec(
            "centres",
            "Cost centres",
            ("cost centre", "cost centres"),
            _lines,
            columns,
            Empty(
                "No cost centres yet. Add one for each location, programme or team whose costs "
                "you want to see apart.",
                "building-2",
            ),
        )
        return ListAndForm(self._rooms.shell, spec, record, keeping=self._rooms.keeping)

    def _clinicians(self) -> Part:
        record: Record[MemberRow, MemberInput] = Record(
            noun="clinician",
            rows=centre_members,
            fields_of=lambda row: MemberInput(row.name, row.cost_centre, row.suggested),
            blank=MemberInput,
            build=partial(_build_member, self._rooms.today),
            name_of=lambda fields: fields.name,
            edit=_assign,
            line_of=lambda row: row.credentials,
            options=_open_centres,
            undo=_undo_of,
            more=_history,
            faults={
                "no cost centre in use": "cost_centre",
                "cannot be the day": "from_day",
                "closed": "from_day",
                "already": "cost_centre",
            },
        )
        columns: tuple[Column[MemberRow], ...] = (
            Column("name", "Clinician", lambda row: row.name, names=True, priority=0),
            Column("credentials", "Credentials", lambda row: row.credentials, width=120),
            Column(
                "centre", "Cost centre", lambda row: row.cost_centre or "", width=130, priority=1
            ),
            date_column("since", "Since", lambda row: row.since, priority=2),
        )
        spec = plain_spec(
            "members",
            "Clinicians by cost centre",
            ("clinician", "clinicians"),
            centre_members,
            columns,
            Empty("No clinicians yet. They stand under Setup, People.", "users"),
            topics=frozenset({Topic.BOOKS, Topic.PROVIDERS}),
        )
        return ListAndForm(self._rooms.shell, spec, record, keeping=self._rooms.keeping)

    def _close(self, line: CentreLine) -> None:
        self._set_use(line.row.code, active=False)

    def _reopen(self, line: CentreLine) -> None:
        self._set_use(line.row.code, active=True)

    def _set_use(self, code: str, *, active: bool) -> None:
        done = "in use again" if active else "closed: nothing new is posted on it"
        undo = Undo(
            f"what was done to cost centre {code}",
            lambda work: f"Cost centre {_use(work, code, active=not active)} is as it was.",
        )
        messages = self._rooms.shell.messages
        self._rooms.shell.desk.act(
            self,
            lambda work: _use(work, code, active=active),
            lambda name: messages.info(f"Cost centre {name} is {done}.", undo=undo),
            messages.refused,
        )


def _use(work: Work, code: str, *, active: bool) -> str:
    row = next((one for one in cost_centres(work) if one.code == code), None)
    if row is None:
        raise Problem(f"There is no cost centre {code}.", hint="Nothing was changed.")
    draft = CentreDraft(row.code, row.name, row.kind, row.parent, active)
    save_cost_centre(work, draft, expected_version=row.version)
    return row.name


def _lines(work: Work) -> Sequence[CentreLine]:
    return tuple(CentreLine(_number(row.code), row) for row in cost_centres(work))


def _number(code: str) -> int:
    """Make a number of a code, the same whenever the list is read."""
    return int.from_bytes(code.encode("ascii"), "big")


def _draft_of(line: CentreLine) -> CentreDraft:
    row = line.row
    return CentreDraft(row.code, row.name, row.kind, row.parent, row.active)


def _line_of(line: CentreLine) -> str:
    return f"{line.row.code}, {count_text(line.row.providers, 'clinician')}"


def _off(line: CentreLine, *, active: bool = True) -> str:
    if line.row.active is active:
        return "It is in use." if active else "It is closed."
    return ""


def _parents(work: Work) -> Options:
    return {"parent": _choices(work, also_inactive=True)}


def _open_centres(work: Work) -> Options:
    return {"cost_centre": _choices(work, also_inactive=False)}


def _choices(work: Work, *, also_inactive: bool) -> Sequence[tuple[Hashable, str]]:
    found = cost_centres(work, also_inactive=also_inactive)
    return [(one.code, f"{one.code}  {one.name}") for one in found]


def _build(form: Form) -> None:
    form.row(
        code=TextField(
            "Code", longest=12, hint="Short, in capitals: NORTH. It stands beside amounts."
        )
    )
    form.row(name=TextField("Name", longest=120))
    form.row(kind=ChoiceField("Kind", list(_KINDS.items()), CostCentreKind.CLINICAL))
    form.row(
        parent=ChoiceField[str](
            "Lies under", optional=True, hint="A programme under its location, for example."
        )
    )


def _build_member(today: Callable[[], date], form: Form) -> None:
    form.row(cost_centre=ChoiceField[str]("Cost centre", optional=True, hint=_RULE))
    form.row(
        from_day=DateField(
            "From this day of service on", today=today, optional=True, hint="Empty: all sessions."
        )
    )
    form.row(
        late_reason=TextField(
            "Reason",
            optional=True,
            longest=300,
            hint="Only for a month that is closed: its reports change.",
        )
    )


def _assign(work: Work, row: MemberRow, fields: MemberInput) -> None:
    assign(
        *(work, row.id, fields.cost_centre, fields.from_day),
        expected_version=row.version,
        late_reason=fields.late_reason,
    )


def _undo_of(row: MemberRow, fields: MemberInput) -> Undo:
    """Return the way back: what held on that day before, as long as nothing was said since."""
    before = centre_on(row.history, fields.from_day or BEGINNING)

    def act(work: Work) -> str:
        _assign(work, replace(row, version=row.version + 1), replace(fields, cost_centre=before))
        return f"The cost centre of {row.name} is as it was."

    return Undo(f"the cost centre of {row.name}", act)


def _history(row: MemberRow) -> str:
    """Say the history, the newest first."""
    return "\n".join(["History", *(_span_words(one) for one in row.history)] if row.history else [])


def _span_words(span: CentreSpan) -> str:
    where = span.cost_centre or "No cost centre"
    if span.first is None and span.last is None:
        return f"{where}, all sessions"
    if span.last is None:
        return f"{where} from {day_text(span.first)}"
    if span.first is None:
        return f"{where} until {day_text(span.last)}"
    return f"{where} from {day_text(span.first)} until {day_text(span.last)}"
