"""Reason and remark codes in words; and that no word of them is a shout or a riddle."""

from __future__ import annotations

import csv
import re

import pytest

from fscdesk.resources import resource
from fscdesk.services.remittances.carc import carc_of
from fscdesk.services.remittances.reasons import Category, Reason, carc, carcs, rarc, rarcs

ALL = (*carcs().values(), *rarcs().values())


def test_a_code_is_found_as_sent_and_as_typed() -> None:
    found = carc(" 045 ")
    assert found is carc("45")
    assert found is not None
    assert found.category is Category.CONTRACT
    assert carc("b7") is carc("B7")
    assert rarc(" ma130 ") is rarcs()["MA130"]


@pytest.mark.parametrize("code", ["", "398", "ABC", "-45", "N130", "0"])
def test_a_code_that_is_not_known_gives_nothing(code: str) -> None:
    assert carc(code) is None


def test_a_remark_that_is_not_known_gives_nothing() -> None:
    assert rarc("N99999") is None
    assert rarc("") is None


@pytest.mark.parametrize("code", carcs())
def test_a_code_can_be_one(code: str) -> None:
    assert carc_of(code) == code


@pytest.mark.parametrize("code", rarcs())
def test_a_remark_has_the_shape_of_one(code: str) -> None:
    assert re.fullmatch(r"(MA?|N)[1-9]\d{0,2}|MA0\d", code)


@pytest.mark.parametrize("name", ["carc.csv", "rarc.csv"])
def test_no_code_stands_twice(name: str) -> None:
    with resource(f"seeds/{name}").open(encoding="utf-8", newline="") as lines:
        codes = [row["code"] for row in csv.DictReader(lines)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("reason", ALL, ids=lambda reason: reason.code)
def test_words_and_remedy_are_short_sentences(reason: Reason) -> None:
    assert re.fullmatch(r"[A-Z][^.!]{8,94}\.", reason.words), reason.words
    assert re.fullmatch(r"[A-Z][^!]{8,118}\.", reason.remedy), reason.remedy
    assert not re.search(r"(?i)please|invalid|error|success", reason.words + reason.remedy)
    assert len(reason.document) <= 40


@pytest.mark.parametrize("category", Category)
def test_each_category_has_a_code(category: Category) -> None:
    assert any(reason.category is category for reason in ALL)


def test_the_shares_of_the_client_are_what_they_are() -> None:
    share = {code for code, reason in carcs().items() if reason.category is Category.PATIENT_SHARE}
    assert {"1", "2", "3"} <= share
    assert share.isdisjoint({"45", "97", "253", "16", "29", "50"})


def test_each_code_that_has_a_rule_has_words() -> None:
    with resource("seeds/remittance_rules.csv").open(encoding="utf-8", newline="") as lines:
        ruled = {row["carc"] for row in csv.DictReader(lines)} - {""}
    assert ruled <= set(carcs())
