"""The field for a diagnosis: letters find codes, Enter takes one, Enter adds it."""

from __future__ import annotations

import pytest

from fscdesk.services.claims import icd10
from fscdesk.services.patients.queries import patient_detail
from fscdesk.ui.forms.fields import Sentence
from fscdesk.ui.screens.patients.diagnoses import DiagnosesPart
from fscdesk.ui.text import ElidedLabel
from tests.support.focus import comes_to
from tests.support.robots.patients import PatientsRobot
from tests.ui.patients.conftest import Cast


@pytest.fixture
def part(patients: PatientsRobot) -> DiagnosesPart:
    """The diagnoses of a client who has none, the cursor in the field."""
    patients.opens("Quill Fakerson", "details")
    found: DiagnosesPart = patients.details().diagnoses
    found.code.setFocus()
    comes_to(found.code.edit)
    return found


def _offers(patients: PatientsRobot, part: DiagnosesPart, words: str) -> list[str]:
    patients.types(words)
    patients.waits(lambda: part.code.popup.isVisible() and bool(part.code.list.lines))
    return [line.title for line in part.code.list.lines]


def _codes(patients: PatientsRobot, told: Cast) -> list[str]:
    return [
        one.code for one in patients.asks(lambda work: patient_detail(work, told.quill)).diagnoses
    ]


def test_words_find_a_code_and_the_second_enter_adds_it(
    patients: PatientsRobot, told: Cast, part: DiagnosesPart
) -> None:
    assert _offers(patients, part, "anx gener")[0] == "F41.1"
    assert part.code.list.lines[0].detail == "Generalized anxiety disorder"
    patients.presses("Return")
    patients.waits(lambda: part.code.edit.text() == "F41.1")
    assert not part.code.popup.isVisible()
    assert _codes(patients, told) == []
    patients.presses("Return")
    patients.hears("F41.1 is added.")
    assert _codes(patients, told) == ["F41.1"]
    patients.waits(lambda: _lines(part) == ["Generalized anxiety disorder, from 04/12/2026"])
    assert part.code.edit.text() == ""


def test_the_arrows_mark_another_one(patients: PatientsRobot, part: DiagnosesPart) -> None:
    offered = _offers(patients, part, "f41")
    assert offered[:3] == ["F41", "F41.0", "F41.1"]
    assert part.code.list.lines[0].detail == "needs a longer code · Other anxiety disorders"
    patients.presses("Down", "Return")
    patients.waits(lambda: part.code.edit.text() == "F41.0")
    assert part.code.sentence.text() == ""


def test_what_a_claim_may_not_carry_is_told_and_can_be_added(
    patients: PatientsRobot, told: Cast, part: DiagnosesPart
) -> None:
    patients.types("F43.8")
    patients.presses("Return")
    fault = "F43.8 is no longer valid: it ended on 09/30/2022. Choose a longer one, such as F43.81."
    patients.sees_fault(part.code, fault)
    assert _codes(patients, told) == []
    patients.presses("Return")
    patients.hears("F43.8 is added.")
    assert _codes(patients, told) == ["F43.8"]
    patients.waits(lambda: [one.text() for one in part.findChildren(Sentence)].count(fault) == 1)


def test_another_first_day_judges_the_code_anew(
    patients: PatientsRobot, part: DiagnosesPart
) -> None:
    patients.types("F43.8")
    patients.presses("Tab")
    patients.sees_fault(part.code, "F43.8 is no longer valid: it ended on 09/30/2022.")
    comes_to(part.since.editor)
    patients.presses("Ctrl+A")
    patients.types("09/30/2022")
    patients.waits(lambda: part.code.sentence.text() == "")
    assert part.code.value() == "F43.8"


def test_who_goes_elsewhere_has_chosen_nothing(
    patients: PatientsRobot, part: DiagnosesPart
) -> None:
    _offers(patients, part, "grief")
    part.since.editor.setFocus()
    patients.sees_fault(part.code, "Choose a code of the list, or type it to its end.")
    assert part.code.held() is None
    assert part.code.edit.text() == "grief"


def test_without_the_table_codes_are_typed_as_before(
    patients: PatientsRobot, told: Cast, part: DiagnosesPart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(icd10, "FILE", "seeds/no_such_table.sqlite3")
    patients.types("f41.1")
    patients.presses("Return")
    patients.sees_fault(part.code, "The table of diagnosis codes is missing")
    patients.presses("Return")
    patients.hears("F41.1 is added.")
    assert _codes(patients, told) == ["F41.1"]
    patients.waits(lambda: _lines(part) == ["from 04/12/2026"])


def _lines(part: DiagnosesPart) -> list[str]:
    return [label.text() for label in part.findChildren(ElidedLabel) if label.isVisible()]
