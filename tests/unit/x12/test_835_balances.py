"""Service, claim and check must add up; what does not is told with its difference."""

from __future__ import annotations

import pytest

from fscdesk.services.x12.reading_835 import read_835
from fscdesk.services.x12.remittance import Remittance
from tests.support.eras import claim, era, file_of, plb, remittance, service


def read(text: str) -> Remittance:
    (found,) = read_835(text).remittances
    return found


def test_a_service_that_does_not_add_up_is_named() -> None:
    good = claim("C-1", service())
    lines = (service(), service("90785", "20", paid="15.01"))
    bad = claim("C-2", *lines, paid="165.01", cas="CO45=4.99")
    found = read(era(good, bad))
    assert found.services_off == ((1, 1),)
    assert found.claims[1].services[1].off == 499
    assert (found.claims_off, found.check_off) == ((), 0)
    assert not found.balanced


def test_a_claim_that_does_not_add_up_is_named() -> None:
    found = read(era(claim("C-1", service()), claim("C-2", service(), paid="149.99")))
    assert found.claims_off == (1,)
    assert found.claims[1].off == 1
    assert (found.services_off, found.check_off) == ((), 0)
    assert not found.balanced


def test_reasons_of_claim_and_services_count_together() -> None:
    found = read(era(claim("C-1", service(cas="CO45=30"), cas="CO253=2.40")))
    assert found.claims[0].paid == 11_760
    assert found.balanced


def test_a_claim_without_services_balances_by_itself() -> None:
    found = read(era(claim("C-1", charge="100", cas="CO45=40")))
    assert (found.claims[0].paid, found.claims[0].services) == (6_000, ())
    assert found.balanced


def test_a_check_that_does_not_add_up_says_by_how_much() -> None:
    found = read(era(claim("C-1", service()), amount="150.01"))
    assert found.check_off == 1
    assert (found.claims_off, found.services_off) == ((), ())
    assert not found.balanced


@pytest.mark.parametrize(("amount", "check"), [("25", "125"), ("-5", "155"), ("150", "0")])
def test_a_positive_plb_takes_from_the_check(amount: str, check: str) -> None:
    found = read(era(claim("C-1", service()), plb=[plb("WO", amount)], amount=check))
    assert found.balanced
    assert not read(era(claim("C-1", service()), plb=[plb("WO", amount)], amount="150")).balanced


def test_services_that_are_fewer_than_the_claim_are_told_though_it_balances() -> None:
    found = read(era(claim("C-1", service(), charge="200", paid="200")))
    assert found.balanced
    assert found.claims[0].unlisted == 5_000
    assert [oddity.code for oddity in found.oddities] == ["unlisted"]
    assert read(era(claim("C-1", charge="200"))).claims[0].unlisted == 0


@pytest.mark.parametrize("amount", ["abc", "12.505", "1E2", "1,250", "--5", "99999999999999"])
@pytest.mark.parametrize(
    "place", ["BPR", "CLP03", "CLP04", "CLP05", "SVC02", "SVC03", "CAS", "PLB", "AMT"]
)
def test_an_amount_that_is_none_spoils_its_transaction_and_no_other(
    amount: str, place: str
) -> None:
    line = service("90837", "111", paid="81", cas="CO45=30", allowed="55")
    one = claim("C-1", line, charge="222", paid="192", patient_share="33")
    texts = {
        "BPR": ("BPR*I*191*", f"BPR*I*{amount}*"),
        "CLP03": ("*222*192*33", f"*{amount}*192*33"),
        "CLP04": ("*222*192*33", f"*222*{amount}*33"),
        "CLP05": ("*222*192*33", f"*222*192*{amount}"),
        "SVC02": ("*111*81*", f"*{amount}*81*"),
        "SVC03": ("*111*81*", f"*111*{amount}*"),
        "CAS": ("CO*45*30", f"CO*45*{amount}"),
        "PLB": ("WO*1~", f"WO*{amount}~"),
        "AMT": ("AMT*B6*55", f"AMT*B6*{amount}"),
    }
    bad = remittance(one, plb=[plb("WO", "1")], control="0001")
    text = file_of(bad, remittance(claim("C-2", service()), control="0002"))
    old, new = texts[place]
    assert text.count(old) == 1
    first, second = read_835(text.replace(old, new)).remittances
    assert not first.readable
    assert not first.balanced
    assert [oddity.code for oddity in first.oddities if oddity.code == "amount"] == ["amount"]
    assert second.balanced


def test_amounts_are_read_in_all_the_ways_of_the_standard() -> None:
    text = era(claim("C-1", service("90837", "150", cas="CO45=30 PR3=20")))
    for old, new in (
        ("*150*100*", "*150.00*+100.*"),
        ("CO*45*30", "CO*45*030.0"),
        ("3*20", "3*20.000"),
    ):
        text = text.replace(old, new)
    found = read(text)
    assert (found.balanced, found.amount) == (True, 10_000)


def test_each_unreadable_amount_is_counted_also_where_it_repeats() -> None:
    lines = (service(cas="CO45=30"), service(cas="CO45=30"), service(cas="CO45=30 CO45=30"))
    found = read(era(claim("C-1", *lines)).replace("CO*45*30", "CO*45*3O"))
    (oddity,) = [one for one in found.oddities if one.code == "amount"]
    assert oddity.message == "3 amounts are not of whole cents."


def test_a_missing_amount_is_nothing_and_the_balance_decides() -> None:
    text = era(claim("C-1", service("90837", "10", cas="CO45=10")))
    assert text.count("*10*0*") == 2
    found = read(text.replace("*10*0*", "*10**"))
    assert found.readable
    assert found.balanced
    (oddity,) = found.oddities
    assert (oddity.code, oddity.message) == ("no_amount", "2 amounts are missing, taken as 0.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LX*1~", "LX*1~\nCAS*CO*45*5~"),
        ("LX*1~", "LX*1~\nSVC*HC:90837*5*5~"),
        ("LX*1~", "LX*1~\nAMT*AU*5~"),
        ("REF*TJ*221234567~", "CAS*CO*45*5~"),
        ("REF*TJ*221234567~", "BPR*I*150*C*NON~"),
        ("LX*1~", "LX*1~\nBPR*I*150*C*NON~"),
        ("NM1*QC", "BPR*I*150*C*NON~\nNM1*QC"),
    ],
)
def test_money_that_belongs_to_nothing_is_never_posted(old: str, new: str) -> None:
    text = era(claim("C-1", service()))
    assert read(text).balanced
    found = read(text.replace(old, new, 1))
    assert not found.readable
    assert not found.balanced


def test_a_transaction_that_does_not_say_what_was_paid_is_not_readable() -> None:
    text = era(claim("C-1", service("90837", "0")), amount="0")
    assert read(text).balanced
    lines = [line for line in text.splitlines() if not line.startswith("BPR")]
    found = read("\n".join(lines))
    assert not found.readable
    assert "no_bpr" in {oddity.code for oddity in found.oddities}
