"""Names in files: which spellings mean a clinician or a payer, to add and to remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.fields import ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Options, Record, RecordAct
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.lists import setup_spec
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.undo import Undo


@dataclass(frozen=True, slots=True)
class SpellingLine:
    """A spelling with the one whom it means."""

    id: int
    shown: str
    owner_id: int
    owner: str
    from_import: bool


@dataclass(frozen=True, slots=True)
class SpellingFields:
    """What is typed of a spelling."""

    shown: str
    owner_id: int


@dataclass(frozen=True)
class Spellings:
    """Where spellings of one kind of record are kept; ``noun`` is "clinician" or "payer"."""

    noun: str
    hint: str
    topic: Topic
    lines: Callable[[Work], Sequence[SpellingLine]]
    owners: Callable[[Work], Sequence[tuple[int, str]]]
    add: Callable[[Work, int, str], int]
    remove: Callable[[Work, int, int], None]


class SpellingPage(ListAndForm[SpellingLine, SpellingFields]):
    """All spellings of a kind: a new one is added in the form, one is removed with its button."""

    def __init__(self, shell: Shell, spellings: Spellings, keeping: Keeping) -> None:
        self._shell, self._spellings = shell, spellings
        nobody = cast(int, None)  # the field is empty until one is chosen
        record = Record(
            noun="spelling",
            rows=spellings.lines,
            fields_of=lambda line: SpellingFields(line.shown, line.owner_id),
            blank=lambda: SpellingFields("", nobody),
            build=partial(_build, spellings),
            name_of=lambda fields: fields.shown,
            add=lambda work, fields: spellings.add(work, fields.owner_id, fields.shown),
            line_of=lambda line: f"means {line.owner}",
            options=partial(_options, spellings),
            acts=(RecordAct("Remove", self.remove, "x"),),
            faults={"already": "shown"},
        )
        columns: tuple[Column[SpellingLine], ...] = (
            Column("shown", "In files", lambda line: line.shown, names=True, priority=1),
            Column("owner", f"Means the {spellings.noun}", lambda line: line.owner, width=220),
            Column("from", "From", _source, width=112, priority=6),
        )
        empty = Empty(f"No spelling means a {spellings.noun} yet; an import adds them.", "users")
        spec = setup_spec(
            f"{spellings.noun}-spellings",
            "Names in files",
            ("spelling", "spellings"),
            spellings.lines,
            columns,
            spellings.topic,
            empty,
        )
        super().__init__(shell, spec, record, keeping=keeping)

    def remove(self, line: SpellingLine) -> None:
        """Let a spelling mean nobody; the next import asks."""
        spellings = self._spellings

        def bring_back(work: Work) -> str:
            spellings.add(work, line.owner_id, line.shown)
            return f"“{line.shown}” means {line.owner} again."

        def done(_none: None) -> None:
            self._shell.messages.info(
                f"“{line.shown}” means nobody now; the next import asks.",
                undo=Undo(f"the removal of “{line.shown}”", bring_back),
            )

        self._shell.desk.act(
            self,
            lambda work: spellings.remove(work, line.id, line.owner_id),
            done,
            self._shell.messages.refused,
        )


def _source(line: SpellingLine) -> str:
    return "an import" if line.from_import else "this office"


def _build(spellings: Spellings, form: Form) -> None:
    form.row(shown=TextField("Name in files", hint=spellings.hint))
    form.row(
        owner_id=ChoiceField[int](
            f"Means the {spellings.noun}", hint="The next import takes it so, and asks no more."
        )
    )


def _options(spellings: Spellings, work: Work) -> Options:
    return {"owner_id": list(spellings.owners(work))}
