"""Which service a line of the payer means (features 3.1, cases 7 to 10)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import ClaimLine, ClaimStatus
from fscdesk.models.remittance import Fate, RemittanceLine, Unposted
from fscdesk.models.session import BillingStatus
from fscdesk.services.remittances.answered import Cas
from fscdesk.services.work import Work
from tests.support.era_edges import KEPT, EraOffice, only
from tests.support.era_matching import SentClaim
from tests.support.eras import claim, service

TWICE = (540, 700)


def modified(edge: EraOffice, one: SentClaim, modifiers: str) -> None:
    """Let the first line of a claim have been sent with modifiers."""

    def act(work: Work) -> None:
        work.db.get_one(ClaimLine, one.lines[0]).modifiers = modifiers

    edge.books.write(act)


# 7: the payer judges another code than was billed.


def test_a_recoded_service_pays_what_was_billed_and_no_service_is_invented(
    edge: EraOffice,
) -> None:
    one = edge.send(sessions=2)
    recoded = service("90834", "160", cas="CO45=70 PR3=30", day=one.days[1], billed="90837")
    same = service("90837", "160", cas=KEPT, day=one.days[0])
    page = edge.says(claim(one.account, recoded, same))
    first, second = only(page).lines
    assert (first.code, first.billed_code, first.charge_id) == ("90834", "90837", one.charges[1])
    assert (second.code, second.charge_id) == ("90837", one.charges[0])

    def look(work: Work) -> tuple[int, list[str], list[str]]:
        charges = work.db.scalar(select(func.count(Charge.id))) or 0
        kept = work.db.scalars(select(RemittanceLine.code).order_by(RemittanceLine.position))
        codes = work.db.scalars(select(Charge.code).distinct())
        return charges, list(kept), list(codes)

    assert edge.books.read(look) == (2, ["90834", "90837"], ["90837"])
    assert (edge.owed(one, 0), edge.owed(one, 1)) == ((0, 30_00), (0, 30_00))
    assert edge.moved() == {"1050": 160_00, "4900": 100_00}
    edge.verify()


# 8: modifiers that are missing, in another order, or run together with the code.


@pytest.mark.parametrize(
    "said",
    [
        {"line_id": True},
        {"modifiers": ("HO", "95")},
        {"modifiers": ("95", "HO")},
        {"code": "9083795", "modifiers": ("HO",)},
    ],
    ids=["line id", "another order", "same order", "run together"],
)
def test_a_service_is_found_however_its_modifiers_are_written(
    edge: EraOffice, said: dict[str, Any]
) -> None:
    one = edge.send(minutes=TWICE)
    modified(edge, one, "95 HO")
    known = {"line_id": str(one.lines[0])} if said.get("line_id") else said
    plain = {"line_id": str(one.lines[1])} if said.get("line_id") else {}
    day = one.days[0]
    second = service(charge="160", cas="CO97=160", day=day, **plain)
    first = service(charge="160", cas=KEPT, day=day, **known)
    page = edge.says(claim(one.account, second, first))
    assert [line.charge_id for line in only(page).lines] == [one.charges[1], one.charges[0]]
    assert (edge.owed(one, 0), edge.owed(one, 1)) == ((0, 30_00), (130_00, 30_00))
    assert edge.moved() == {"1050": 100_00, "4900": 30_00}
    edge.verify()


def test_a_service_without_its_modifier_is_found_by_day_code_charge_and_units(
    edge: EraOffice,
) -> None:
    one = edge.send(sessions=2)
    modified(edge, one, "95 HO")
    lines = [service(charge="160", cas=KEPT, day=day) for day in one.days]
    page = edge.says(claim(one.account, *lines))
    assert [line.charge_id for line in only(page).lines] == list(one.charges)
    assert edge.moved() == {"1050": 200_00, "4900": 60_00}


# 9: services that are equal.


def test_of_two_equal_services_with_different_answers_none_is_guessed(edge: EraOffice) -> None:
    one = edge.send(minutes=TWICE)
    lines = [service(charge="160", cas=cas, day=one.days[0]) for cas in (KEPT, "CO97=160")]
    page = edge.says(claim(one.account, *lines))
    stays = only(page)
    assert (stays.fate, stays.why) == (Fate.UNPOSTED, Unposted.TWO_ALIKE)
    assert "2 services are equal" in stays.words
    assert (edge.owed(one, 0), edge.owed(one, 1)) == ((130_00, 30_00), (130_00, 30_00))
    assert (edge.moved(), edge.left(page)) == ({"1050": 100_00, "2410": -100_00}, 100_00)
    assert edge.stands(one) == (ClaimStatus.ACCEPTED, BillingStatus.PENDING)
    edge.verify()


def test_equal_services_are_told_apart_by_our_line_id(edge: EraOffice) -> None:
    one = edge.send(minutes=TWICE)
    page = edge.says(edge.answer(one, "CO97=160", "CO45=20 PR3=30"))
    assert [line.denied for line in only(page).lines] == ["CO-97", ""]
    assert (edge.owed(one, 0), edge.owed(one, 1)) == ((130_00, 30_00), (0, 30_00))
    assert edge.moved() == {"1050": 110_00, "4900": 20_00}
    edge.verify()


# 10: many reasons and many remarks.


def test_every_reason_and_every_remark_of_a_service_is_kept(edge: EraOffice) -> None:
    one = edge.send()
    cas = "CO45=10 CO253=2 CO131=8 CO45=5 CO59=3 CO104=2 CO172=1 PR1=9 PR2=8 PR3=7 OA23=0"
    remarks = ("N130", "MA130", "N19", "M15")
    page = edge.says(edge.answer(one, cas, lines={"remarks": remarks}, remarks=("MA01", "N781")))
    found = only(page)
    (line,) = found.lines
    said = [
        *(Cas("CO", "45", 10_00), Cas("CO", "253", 2_00), Cas("CO", "131", 8_00)),
        *(Cas("CO", "45", 5_00), Cas("CO", "59", 3_00), Cas("CO", "104", 2_00)),
        *(Cas("CO", "172", 1_00), Cas("PR", "1", 9_00), Cas("PR", "2", 8_00)),
        Cas("PR", "3", 7_00),
    ]
    assert [each for each in line.adjustments if each.cents] == said
    assert (line.remarks, found.remarks) == (remarks, ("MA01", "N781"))
    assert (line.wrote_off.cents, line.to_patient.cents) == (31_00, -6_00)
    assert edge.owed(one) == (0, 24_00)
    assert edge.moved() == {"1050": 105_00, "4900": 31_00}
    edge.verify()
