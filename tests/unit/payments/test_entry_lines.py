"""Which lines make a claim, and which claim comes next."""

from __future__ import annotations

from datetime import date, timedelta

from fscdesk.models.charge import Side
from fscdesk.models.values import Money
from fscdesk.services.payments.open_charges import OpenCharge
from fscdesk.ui.screens.payments.entry_cell import Answer
from fscdesk.ui.screens.payments.entry_lines import Line, claims_of, next_claim

DAY = date(2026, 3, 2)


def a_line(
    charge: int,
    patient: str,
    day: date = DAY,
    open_: int = 130_00,
    claim: str = "",
    *,
    unbilled: bool = False,
) -> Line:
    return Line(
        OpenCharge(
            charge_id=charge,
            session_id=charge,
            patient_id=sum(map(ord, patient)),
            patient=patient,
            patient_number=f"P-{patient}",
            guarantor_id=1,
            guarantor=patient,
            payer="Aetheria",
            service_day=day,
            code="90837",
            clinician="",
            side=Side.INSURANCE,
            amount=Money(160_00),
            open=Money(open_),
            since=day,
            claim=claim,
            unbilled=unbilled,
        )
    )


def test_a_claim_is_one_clients_lines_at_most_six_and_near_together() -> None:
    weekly = [a_line(at, "Alma Anyone", DAY + timedelta(days=7 * at)) for at in range(8)]
    late = a_line(20, "Alma Anyone", DAY + timedelta(days=7 * 7 + 32))
    other = a_line(9, "Émile Example")
    claims = claims_of([late, other, *reversed(weekly)])
    assert [(one.patient, len(one.lines)) for one in claims] == [
        ("Alma Anyone", 6),
        ("Alma Anyone", 2),
        ("Alma Anyone", 1),
        ("Émile Example", 1),
    ]
    assert claims[0].days == "03/02\N{EN DASH}04/06"


def test_lines_of_one_claim_of_ours_stay_together_and_its_number_finds_it() -> None:
    first, second = "CLM-2026-00001", "CLM-2026-00002"
    lines = [
        a_line(at, "Alma Anyone", DAY + timedelta(days=at), claim=first if at % 2 else second)
        for at in range(4)
    ]
    claims = claims_of(lines)
    assert [(one.number, [line.key for line in one.lines]) for one in claims] == [
        (second, [0, 2]),
        (first, [1, 3]),
    ]
    assert claims[1].fits(["clm-2026-00001"])
    assert not claims[1].fits(["clm-2026-00002"])


def test_the_oldest_claim_that_was_sent_comes_first_and_what_was_never_billed_last() -> None:
    lines = [
        a_line(1, "Alma", DAY, unbilled=True),
        a_line(2, "Alma", DAY + timedelta(days=14), claim="CLM-2026-00001"),
        a_line(3, "Alma", DAY + timedelta(days=7), claim="CLM-2026-00009"),
        a_line(4, "Bram", DAY + timedelta(days=7), claim="CLM-2026-00003"),
        a_line(5, "Alma", DAY + timedelta(days=1)),
    ]
    claims = claims_of(lines)
    assert [one.lines[0].key for one in claims] == [5, 3, 2, 4, 1]
    assert [one.unbilled for one in claims] == [False, False, False, False, True]
    assert next_claim(claims, None) is claims[0]


def test_letters_begin_a_name_and_digits_are_a_day() -> None:
    claim = claims_of([a_line(1, "Émile Example")])[0]
    for words in (["em"], ["ex"], ["em", "ex"], ["3/2"], ["03/02"], ["p-em"]):
        assert claim.fits(words), words
    for words in (["mi"], ["3/3"], ["em", "zz"]):
        assert not claim.fits(words), words


def test_the_next_claim_is_behind_the_last_and_begins_again_at_the_top() -> None:
    claims = claims_of([a_line(1, "Alma"), a_line(2, "Bram"), a_line(3, "Coralie")])
    alma, bram, coralie = claims
    assert next_claim(claims, None) is alma
    assert next_claim(claims, alma) is bram
    bram.lines[0].put(Answer(denied="16"))
    assert next_claim(claims, alma) is coralie
    assert next_claim(claims, coralie) is alma
    for claim in claims:
        claim.lines[0].put(Answer(denied="16"))
    assert next_claim(claims, None) is None
