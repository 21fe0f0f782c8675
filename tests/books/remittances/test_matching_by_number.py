"""Whose claims and lines an 835 answers, where it names them by a number or an id of ours."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus
from fscdesk.models.remittance import Unposted
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, build, put_at, ready
from tests.support.era_lines import EraClaim
from tests.support.era_matching import (
    ALMA,
    BEN,
    STRANGER,
    SentClaim,
    charges,
    copied,
    matched,
    send_claim,
    sent,
    whys,
)
from tests.support.eras import claim, era, reversal_of, service


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


@pytest.fixture
def two(books: Office, desk: ClaimDesk) -> SentClaim:
    """A claim of two weekly sessions that the payer has."""
    return send_claim(books, desk, sessions=2)


def test_a_claim_is_found_by_its_number_and_its_lines_by_what_they_say(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    lines = [service(charge="160", day=day) for day in reversed(two.days)]
    (found,) = matched(books, era(claim(two.account, *lines)))
    (one,) = found.claims
    assert (found.payer_id, one.claim_id, one.patient_id) == (desk.payer, two.id, desk.alma)
    assert charges(one) == list(reversed(two.charges))
    assert [line.claim_line_id for line in one.lines] == list(reversed(two.lines))
    assert [line.matched_by for line in one.lines] == ["number", "number"]
    assert (one.matched_by, one.why, whys(one)) == ("number", None, [None, None])


@pytest.mark.parametrize("spelled", ["CLM-2026-00001", "clm202600001", " CLM202600001"])
def test_however_the_number_is_spelled(
    books: Office, desk: ClaimDesk, two: SentClaim, spelled: str
) -> None:
    assert two.account == "CLM202600001"
    (found,) = matched(books, era(claim(spelled, service(charge="160", day=two.days[0]))))
    assert charges(found.claims[0]) == [two.charges[0]]


def test_a_line_id_tells_equal_services_apart(books: Office, desk: ClaimDesk) -> None:
    one = _twice_a_day(books, desk)
    lines = [service(charge="160", line_id=str(each)) for each in reversed(one.lines)]
    (found,) = matched(books, era(claim(one.account, *lines)))
    assert charges(found.claims[0]) == list(reversed(one.charges))
    assert {line.matched_by for line in found.claims[0].lines} == {"line_id"}


def test_equal_services_are_taken_in_order_where_the_payer_says_the_same_of_both(
    books: Office, desk: ClaimDesk
) -> None:
    one = _twice_a_day(books, desk)
    lines = [service(charge="160", cas="CO45=40")] * 2
    (found,) = matched(books, era(claim(one.account, *lines)))
    assert charges(found.claims[0]) == list(one.charges)


def test_equal_services_with_different_answers_are_not_guessed(
    books: Office, desk: ClaimDesk
) -> None:
    one = _twice_a_day(books, desk)
    lines = [service(charge="160", cas="CO45=40"), service(charge="160", cas="CO97=160")]
    (found,) = matched(books, era(claim(one.account, *lines)))
    assert charges(found.claims[0]) == [None, None]
    assert whys(found.claims[0]) == [Unposted.TWO_ALIKE] * 2
    assert found.claims[0].why is Unposted.TWO_ALIKE
    assert "2 services are equal" in found.claims[0].words


def test_one_answer_for_two_equal_services_is_not_guessed(books: Office, desk: ClaimDesk) -> None:
    one = _twice_a_day(books, desk)
    (found,) = matched(books, era(claim(one.account, service(charge="160"))))
    assert whys(found.claims[0]) == [Unposted.TWO_ALIKE]


def test_a_line_id_leaves_the_other_of_two_equal_services(books: Office, desk: ClaimDesk) -> None:
    one = _twice_a_day(books, desk)
    lines = [
        service(charge="160", cas="CO97=160"),
        service(charge="160", line_id=str(one.lines[0])),
    ]
    (found,) = matched(books, era(claim(one.account, *lines)))
    assert charges(found.claims[0]) == [one.charges[1], one.charges[0]]


def test_modifiers_in_any_order_tell_equal_services_apart(books: Office, desk: ClaimDesk) -> None:
    one = _twice_a_day(books, desk)
    _modify(books, one.lines[0], "95 HO")
    lines = [service(charge="160", cas="CO45=1"), service(charge="160", modifiers=("HO", "95"))]
    (found,) = matched(books, era(claim(one.account, *lines)))
    assert charges(found.claims[0]) == [one.charges[1], one.charges[0]]


def test_a_code_that_runs_together_with_its_modifier_is_read(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    line = service("9083795", "160", day=two.days[1])
    (found,) = matched(books, era(claim(two.account, line)))
    assert charges(found.claims[0]) == [two.charges[1]]


def test_a_recoded_service_is_found_as_it_was_billed(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    line = service("90834", "160", day=two.days[1], billed="90837")
    (found,) = matched(books, era(claim(two.account, line)))
    assert charges(found.claims[0]) == [two.charges[1]]
    assert (found.claims[0].lines[0].code, found.claims[0].lines[0].billed_code) == (
        "90834",
        "90837",
    )


def test_a_recoded_service_with_our_line_id_is_found_without_the_billed_code(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    line = service("90834", "160", day=two.days[1], line_id=str(two.lines[1]))
    (found,) = matched(books, era(claim(two.account, line)))
    assert charges(found.claims[0]) == [two.charges[1]]


def test_a_line_id_that_disagrees_in_the_day_counts_for_nothing(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    line = service("90837", "160", day=two.days[1], line_id=str(two.lines[0]))
    (found,) = matched(books, era(claim(two.account, line)))
    assert charges(found.claims[0]) == [two.charges[1]]
    assert found.claims[0].lines[0].matched_by == "number"


def test_a_line_id_with_another_code_and_another_charge_counts_for_nothing(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    line = service("99214", "99", day=two.days[0], line_id=str(two.lines[0]))
    (found,) = matched(books, era(claim(two.account, line)))
    assert whys(found.claims[0]) == [Unposted.NO_LINE]
    assert "99214 of 03/02/2026 for 99.00" in found.claims[0].words


def test_the_only_line_of_a_claim_is_meant_whatever_its_code(
    books: Office, desk: ClaimDesk
) -> None:
    one = send_claim(books, desk)
    (found,) = matched(books, era(claim(one.account, service("90834", "160"))))
    assert charges(found.claims[0]) == list(one.charges)


def test_another_charge_than_was_billed_is_told(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    (found,) = matched(books, era(claim(two.account, service(charge="150", day=two.days[0]))))
    (line,) = found.claims[0].lines
    assert (line.charge_id, line.why) == (two.charges[0], Unposted.AMOUNT_DIFFERS)
    assert "160.00" in line.words
    assert "150.00" in line.words


def test_a_claim_that_was_split_is_found_part_by_part(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    parts = [claim(two.account, service(charge="160", day=day)) for day in two.days]
    (found,) = matched(books, era(*parts))
    assert [charges(one) for one in found.claims] == [[two.charges[0]], [two.charges[1]]]


def test_equal_services_in_parts_are_placed_together(books: Office, desk: ClaimDesk) -> None:
    one = _twice_a_day(books, desk)
    (found,) = matched(books, era(*[claim(one.account, service(charge="160"))] * 2))
    assert [charges(each) for each in found.claims] == [[one.charges[0]], [one.charges[1]]]


def test_equal_services_in_parts_with_different_answers_are_not_guessed(
    books: Office, desk: ClaimDesk
) -> None:
    one = _twice_a_day(books, desk)
    parts = [
        claim(one.account, service(charge="160")),
        claim(one.account, service(charge="160", cas="CO97=160"), status="4"),
    ]
    (found,) = matched(books, era(*parts))
    assert [whys(each) for each in found.claims] == [[Unposted.TWO_ALIKE]] * 2


def test_a_claim_that_is_answered_as_a_whole_needs_to_have_one_line(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    other = _claim_of_ben(books, desk)
    (found,) = matched(
        books,
        era(
            claim(two.account, charge="320", paid="200", cas="CO45=120"),
            claim(other.account, charge="160", paid="100", cas="CO45=60", patient=BEN),
        ),
    )
    whole, single = found.claims
    assert (charges(whole), whys(whole)) == ([None], [Unposted.NOT_ITEMISED])
    assert (charges(single), whys(single)) == (list(other.charges), [None])
    assert not single.lines[0].itemised


def test_a_number_of_ours_with_another_client_is_not_ours(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    line = service(charge="160", day=two.days[0])
    (found,) = matched(books, era(claim(two.account, line, patient=STRANGER)))
    one = found.claims[0]
    assert (one.claim_id, one.patient_id, one.why) == (None, None, Unposted.NOT_OURS)
    assert "of another client" in one.words
    assert whys(one) == [Unposted.NOT_OURS]


@pytest.mark.parametrize(
    "patient",
    [
        ("ANYONE", "ALMA", ""),
        ("ANYONE", "A", ""),
        ("ANYONE", "ALM", "XYZ-1234-56789"),
        ("NEWNAME", "ALMA", "XYZ123456789"),
        ("NEWNAME", "ALMA", "XYZ12345678901"),
        ("", "", ""),
    ],
)
def test_a_client_as_payers_spell_one_fits(
    books: Office, desk: ClaimDesk, two: SentClaim, patient: tuple[str, str, str]
) -> None:
    line = service(charge="160", day=two.days[0])
    (found,) = matched(
        books, era(claim(two.account, line, patient=patient if any(patient) else ()))
    )
    assert charges(found.claims[0]) == [two.charges[0]]


def test_our_line_id_under_a_strange_number_needs_the_client(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    line = service("90834", "160", day=two.days[0], line_id=str(two.lines[0]))
    ours = claim("77-1", line, patient=ALMA)
    theirs = claim("77-2", line, patient=STRANGER)
    (found,) = matched(books, era(ours, theirs))
    assert [charges(one) for one in found.claims] == [[two.charges[0]], [None]]
    assert found.claims[0].matched_by == "line_id"
    assert found.claims[1].why is Unposted.NOT_OURS


def test_a_voided_charge_is_told(books: Office, desk: ClaimDesk, two: SentClaim) -> None:
    def void(work: Work) -> None:
        work.db.get_one(Charge, two.charges[0]).voided_on = work.today()

    books.write(void)
    (found,) = matched(books, era(claim(two.account, service(charge="160", day=two.days[0]))))
    assert whys(found.claims[0]) == [Unposted.VOIDED]
    assert charges(found.claims[0]) == [two.charges[0]]


def test_a_predetermination_is_told_and_found(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    line = service(charge="160", paid="0", cas="OA101=160", day=two.days[0])
    (found,) = matched(books, era(claim(two.account, line, status="25")))
    one = found.claims[0]
    assert (one.why, whys(one)) == (Unposted.PREDETERMINATION, [Unposted.PREDETERMINATION])
    assert charges(one) == [two.charges[0]]


def test_an_answer_to_what_was_corrected_goes_to_the_correction(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    corrected = _corrected(books, two)
    line = service(charge="160", day=two.days[0])
    (found,) = matched(books, era(claim(two.account, line)))
    one = found.claims[0]
    assert (one.claim_id, charges(one)) == (corrected.id, [two.charges[0]])
    assert one.lines[0].claim_line_id == corrected.lines[0]


def test_the_line_id_of_the_first_claim_means_the_corrections_line(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    corrected = _corrected(books, two)
    line = service("90834", "160", day=two.days[1], line_id=str(two.lines[1]))
    (found,) = matched(books, era(claim(two.account, line)))
    assert found.claims[0].lines[0].claim_line_id == corrected.lines[1]


def test_a_reversal_is_about_the_claim_that_was_answered(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    corrected = _corrected(books, two)

    def answer(work: Work) -> None:
        first = work.db.get_one(Claim, two.id)
        first.answered_on, first.payer_number = work.today(), "ICN0001"

    books.write(answer)
    line = service(charge="160", day=two.days[0], cas="CO45=60")
    paid = claim(two.account, line)
    late = reversal_of(claim(corrected.account, line, payer_number="ICN-0001"))
    (found,) = matched(books, era(paid, late, reversal_of(paid)))
    assert [one.claim_id for one in found.claims] == [corrected.id, two.id, two.id]
    assert [charges(one) for one in found.claims] == [[two.charges[0]]] * 3


def test_of_two_answered_claims_a_reversal_means_the_one_that_it_names(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    """By the payer's number of it; without that by ours."""
    corrected = _corrected(books, two)

    def answer(work: Work) -> None:
        for one, number in ((two, "ICN1"), (corrected, "ICN2")):
            row = work.db.get_one(Claim, one.id)
            row.answered_on, row.payer_number = work.today(), number

    books.write(answer)
    line = service(charge="160", day=two.days[0], cas="CO45=60")

    def back(account: str, number: str) -> EraClaim:
        return reversal_of(claim(account, line, payer_number=number))

    parts = [
        back(corrected.account, "ICN1"),
        back(two.account, "ICN2"),
        back(two.account, "ICN9"),
        back(corrected.account, ""),
    ]
    (found,) = matched(books, era(*parts))
    meant = [one.claim_id for one in found.claims]
    assert meant == [two.id, corrected.id, two.id, corrected.id]


def test_the_line_id_of_a_charge_that_was_renewed_counts_for_nothing(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    """The correction bills the charge that took the place of the voided one."""
    corrected = _corrected(books, two)

    def renew(work: Work) -> int:
        old = work.db.get_one(Charge, two.charges[0])
        names = [one.key for one in Charge.__table__.columns if one.key != "id"]
        new = Charge(**{name: getattr(old, name) for name in names})
        old.voided_on = work.today()
        work.db.add(new)
        work.db.flush()
        work.db.get_one(ClaimLine, corrected.lines[0]).charge_id = new.id
        return new.id

    charge = books.write(renew).value
    line = service(charge="160", day=two.days[0], line_id=str(two.lines[0]))
    (found,) = matched(books, era(claim(two.account, line)))
    assert (charges(found.claims[0]), whys(found.claims[0])) == ([charge], [None])


def test_a_reversal_and_its_correction_in_any_order_are_about_the_same_lines(
    books: Office, desk: ClaimDesk
) -> None:
    one = _twice_a_day(books, desk)
    lines = [service(charge="160", line_id=str(each), cas="CO45=60") for each in one.lines]
    paid = claim(one.account, *lines)
    for parts in ((reversal_of(paid), paid), (paid, reversal_of(paid))):
        (found,) = matched(books, era(*parts))
        assert [charges(each) for each in found.claims] == [list(one.charges)] * 2


def _twice_a_day(books: Office, desk: ClaimDesk) -> SentClaim:
    """A claim with two equal services."""

    def sit(work: Work) -> list[int]:
        return [ready(work, desk, minute=540), ready(work, desk, minute=700)]

    (claim_id,) = build(books, books.write(sit).value)
    books.write(lambda work: put_at(work, claim_id, ClaimStatus.SUBMITTED))
    one = sent(books, claim_id)
    assert len(one.lines) == 2
    return one


def _claim_of_ben(books: Office, desk: ClaimDesk) -> SentClaim:
    session = books.write(lambda work: ready(work, desk, patient=desk.ben)).value
    (claim_id,) = build(books, [session])
    books.write(lambda work: put_at(work, claim_id, ClaimStatus.SUBMITTED))
    return sent(books, claim_id)


def _modify(books: Office, line_id: int, modifiers: str) -> None:
    def act(work: Work) -> None:
        work.db.get_one(ClaimLine, line_id).modifiers = modifiers

    books.write(act)


def _corrected(books: Office, first: SentClaim) -> SentClaim:
    """The correction of a claim, which the payer has; the first one is closed."""

    def act(work: Work) -> int:
        old = work.db.get_one(Claim, first.id)
        old.status = ClaimStatus.CLOSED
        for line in work.db.scalars(select(ClaimLine).where(ClaimLine.claim_id == old.id)):
            line.live = None
        return copied(
            *(work, old.id, "CLM-2026-09001"), status=ClaimStatus.SUBMITTED, replaces_id=old.id
        ).id

    return sent(books, books.write(act).value)
