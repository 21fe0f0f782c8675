from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fscdesk.models.claim import Severity
from fscdesk.services.claims import icd10
from fscdesk.services.claims.published_codes import PublishedCodes
from tests.support.claim_contents import FewCodes, NoCodes, a_line, clean, found, only

CHAPTER_F = tuple(f"F{number}.{end}" for number in range(10, 19) for end in (10, 20))


class AnyCode(FewCodes):
    def is_billable(self, code: str, on: date) -> bool | None:
        return True


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ((), "has no diagnosis"),
        (CHAPTER_F[:13], "has 13 diagnoses; 12 fit"),
        (("F41.1", ""), "(empty) cannot be ICD-10-CM"),
        (("F41.1", "41.1"), "41.1 cannot be ICD-10-CM"),
        (("F41.1", "f33.1"), "f33.1 cannot be"),
        (("F41.1", "F41.1"), "F411 stands on the claim more than once"),
        (("F41.1", "F411"), "F411 stands on the claim more than once"),
    ],
)
def test_diagnoses(codes: tuple[str, ...], said: str) -> None:
    one = only("diagnoses", clean(diagnoses=codes), AnyCode())
    assert said in one.message
    assert (one.severity, one.field) == (Severity.STOPS, "diagnoses")


def test_twelve_diagnoses_fit() -> None:
    assert not found(clean(diagnoses=CHAPTER_F[:12]), AnyCode())


def test_diagnosis_valid() -> None:
    header = only("diagnosis-valid", clean(diagnoses=("F41.1", "F33")))
    assert (header.severity, header.field) == (Severity.STOPS, "diagnoses")
    assert "F33 (Major depressive disorder, recurrent) is not specific enough" in header.message
    unknown = only("diagnosis-valid", clean(diagnoses=("F41.1", "F99.99")))
    assert unknown.message == "F99.99 is not in ICD-10-CM."
    ended = FewCodes(until=date(2026, 3, 31))
    assert not found(clean(), ended)
    lines = (a_line(), a_line(2, service_day=date(2026, 4, 1)))
    late = only("diagnosis-valid", clean(lines=lines), ended)
    assert "not valid on 04/01/2026" in late.message
    assert not found(clean(diagnoses=("F99.99",)), NoCodes()), "no table: nothing can be said"


def test_principal_diagnosis() -> None:
    for codes, said in (
        (("W19.XXXA", "F41.1"), "W19.XXXA tells what caused an injury"),
        (("F02.80", "F41.1"), "F02.80 is what another disease brings"),
        (("Z63.0", "Z63.4"), "Only Z codes stand on the claim (Z63.0 and Z63.4)"),
    ):
        one = only("principal-diagnosis", clean(diagnoses=codes))
        assert said in one.message
        assert (one.severity, one.field) == (Severity.WARNS, "diagnoses")
    for good in (("F41.1", "W19.XXXA"), ("Z63.0", "F41.1"), ("F41.1", "F02.80")):
        assert not found(clean(diagnoses=good))


@pytest.mark.parametrize(
    ("pointers", "said"),
    [
        ((), "points at no diagnosis"),
        ((3,), "points at diagnosis 3; the claim has 2 diagnoses"),
        ((1, 0), "points at diagnosis 0"),
        ((-1,), "points at diagnosis -1"),
        ((2, 2), "points at one diagnosis more than once"),
        ((1, 2, 1, 2, 1), "points at 5 diagnoses; 4 fit"),
    ],
)
def test_pointers(pointers: tuple[int, ...], said: str) -> None:
    two: dict[str, Any] = {"diagnoses": ("F41.1", "F33.1")}
    one = only("pointers", clean(lines=(a_line(pointers=pointers),), **two))
    assert said in one.message
    assert (one.severity, one.field, one.line) == (Severity.STOPS, "line_pointers", 1)
    assert not found(clean(lines=(a_line(pointers=(2, 1)),), **two))


def test_behavioral_diagnosis() -> None:
    one = only("behavioral-diagnosis", clean(diagnoses=("E11.9", "F41.1")))
    assert "E11.9 is none of behavioral health" in one.message
    assert (one.severity, one.field) == (Severity.WARNS, "diagnoses")
    assert not found(clean(diagnoses=("R45.4",)))
    assert not found(clean(diagnoses=("E11.9",), lines=(a_line(code="99213"),)))
    assert only("behavioral-diagnosis", clean(diagnoses=("E11.9",), lines=(a_line(code="H0004"),)))


def test_the_published_table_agrees() -> None:
    book = PublishedCodes(("F41.1", "F33", "F41", "F99.99"))
    if book.is_billable("F41.1", date(2026, 3, 16)) is None:
        pytest.skip("the table of diagnosis codes is not built here")
    assert "anxiety" in book.words("F41.1").casefold()
    assert not found(clean(), book)
    assert (
        "F33 (Major depressive" in only("diagnosis-valid", clean(diagnoses=("F33",)), book).message
    )
    assert "not in ICD-10-CM" in only("diagnosis-valid", clean(diagnoses=("F99.99",)), book).message
    dementia = PublishedCodes(("F02.80", "F41.1"))
    assert only("principal-diagnosis", clean(diagnoses=("F02.80", "F41.1")), dementia)


def test_without_the_table_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icd10, "FILE", "seeds/nowhere.sqlite3")
    book = PublishedCodes(("F41.1",))
    assert book.is_billable("F41.1", date(2026, 3, 16)) is None
    assert book.words("F41.1") == ""
    assert not found(clean(diagnoses=("F99.99",)), book)
