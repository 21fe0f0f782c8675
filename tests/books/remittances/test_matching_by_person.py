"""Whose services an 835 answers, where no number of ours names them: by client, day and code."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.charge import Charge
from fscdesk.models.coverage import Policy
from fscdesk.models.patient import PatientAlias
from fscdesk.models.remittance import Unposted
from fscdesk.models.simplepractice import ReportedClaim
from fscdesk.services.office import Office
from fscdesk.services.patients.names import alias_key
from fscdesk.services.work import Work
from tests.support.claims import (
    ClaimDesk,
    add_claim_desk,
    add_person,
    add_policy,
    charges_of,
    ready,
)
from tests.support.era_matching import ALMA, STRANGER, charges, matched, send_claim, whys
from tests.support.eras import claim, era, reversal_of, service
from tests.support.people import add_batch

THEIRS = "SP-4711"
"""A number that is none of ours, as SimplePractice gives them."""


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


def test_what_simplepractice_billed_is_found_by_client_day_code_and_charge(
    books: Office, desk: ClaimDesk
) -> None:
    first = _session(books, desk)
    second = _session(books, desk, day=date(2026, 3, 9), code="90834")
    lines = [service("90834", "160", day="20260309"), service("90837", "160")]
    (found,) = matched(books, era(claim(THEIRS, *lines, patient=ALMA)))
    (one,) = found.claims
    assert charges(one) == [second, first]
    assert (one.claim_id, one.patient_id, one.why) == (None, desk.alma, None)
    assert [line.claim_line_id for line in one.lines] == [None, None]
    assert (one.matched_by, found.payer_id) == ("member_id", desk.payer)


def test_without_a_member_id_the_name_is_enough(books: Office, desk: ClaimDesk) -> None:
    charge = _session(books, desk)
    (found,) = matched(books, era(claim(THEIRS, service(charge="160"), patient=("ANYONE", "ALMA"))))
    assert charges(found.claims[0]) == [charge]
    assert found.claims[0].matched_by == "name"


def test_a_claim_of_ours_under_a_number_of_the_payer_is_named(
    books: Office, desk: ClaimDesk
) -> None:
    one = send_claim(books, desk)
    (found,) = matched(books, era(claim(THEIRS, service(charge="160"))))
    assert found.claims[0].claim_id == one.id
    assert found.claims[0].lines[0].claim_line_id == one.lines[0]


def test_a_reversal_is_found_though_its_amounts_are_negative(
    books: Office, desk: ClaimDesk
) -> None:
    charge = _session(books, desk)
    paid = claim(THEIRS, service(charge="160", cas="CO45=60"))
    (found,) = matched(books, era(reversal_of(paid), paid))
    assert [charges(one) for one in found.claims] == [[charge], [charge]]


@pytest.mark.parametrize(
    "name",
    [
        ("O'SAMPLE-JONES", "MARY ANN"),
        ("OSAMPLEJONES", "MARY"),
        ("OSAMPLE JONES", "MARY"),
        ("O SAMPLE JONES JR", "MARY"),
    ],
)
def test_names_as_payers_spell_them(books: Office, desk: ClaimDesk, name: tuple[str, str]) -> None:
    who = books.write(
        lambda work: add_person(work, "Mary Ann “Polly” Ó’Sample-Jones Jr.", "P-9")
    ).value
    charge = _session(books, desk, patient=who)
    (found,) = matched(books, era(claim(THEIRS, service(charge="160"), patient=name)))
    assert charges(found.claims[0]) == [charge]


def test_an_alias_is_a_name(books: Office, desk: ClaimDesk) -> None:
    charge = _session(books, desk)

    def alias(work: Work) -> None:
        shown = "Almira Bygone"
        work.db.add(PatientAlias(alias=alias_key(shown), shown=shown, patient_id=desk.alma))

    books.write(alias)
    (found,) = matched(
        books, era(claim(THEIRS, service(charge="160"), patient=("BYGONE", "ALMIRA")))
    )
    assert charges(found.claims[0]) == [charge]


def test_members_of_a_family_share_a_member_id_and_are_told_apart_by_name(
    books: Office, desk: ClaimDesk
) -> None:
    child = books.write(lambda work: add_person(work, "Alban Anyone", "P-9")).value
    books.write(lambda work: add_policy(work, child, desk.payer, "XYZ123456789"))
    mine, childs = _session(books, desk), _session(books, desk, patient=child)
    parts = [
        claim(THEIRS, service(charge="160"), patient=("ANYONE", first, "XYZ123456789"))
        for first in ("ALBAN", "ALMA", "ALM", "AL", "")
    ]
    (found,) = matched(books, era(*parts))
    assert [charges(one) for one in found.claims] == [[childs], [mine], [mine], [None], [None]]


def test_the_whole_first_name_goes_before_a_shortened_one(books: Office, desk: ClaimDesk) -> None:
    child = books.write(lambda work: add_person(work, "Almabelle Anyone", "P-9")).value
    books.write(lambda work: add_policy(work, child, desk.payer, "XYZ123456789"))
    mine = _session(books, desk)
    _session(books, desk, patient=child)
    (found,) = matched(books, era(claim(THEIRS, service(charge="160"))))
    assert charges(found.claims[0]) == [mine]


def test_of_two_clients_of_one_name_the_one_with_all_services_is_meant(
    books: Office, desk: ClaimDesk
) -> None:
    other = books.write(lambda work: add_person(work, "Alma Anyone", "P-9")).value
    _session(books, desk)
    theirs = [
        _session(books, desk, patient=other),
        _session(books, desk, patient=other, code="H0004"),
    ]
    lines = [service(charge="160"), service("H0004", "160")]
    (found,) = matched(books, era(claim(THEIRS, *lines, patient=("ANYONE", "ALMA"))))
    assert charges(found.claims[0]) == theirs


def test_a_member_id_with_a_strange_name_is_not_ours(books: Office, desk: ClaimDesk) -> None:
    _session(books, desk)
    who = ("ANYONE", "OTTO", "XYZ123456789")
    (found,) = matched(books, era(claim(THEIRS, service(charge="160"), patient=who)))
    assert found.claims[0].why is Unposted.NOT_OURS
    assert "Its member id is that of Alma Anyone, under another name." in found.claims[0].words


def test_a_name_with_a_strange_member_id_is_not_ours(books: Office, desk: ClaimDesk) -> None:
    _session(books, desk)
    who = ("ANYONE", "ALMA", "QQQ555666777")
    (found,) = matched(books, era(claim(THEIRS, service(charge="160"), patient=who)))
    assert found.claims[0].why is Unposted.NOT_OURS
    assert "with another member id" in found.claims[0].words


def test_of_two_clients_of_one_name_the_one_with_the_service_is_meant(
    books: Office, desk: ClaimDesk
) -> None:
    other = books.write(lambda work: add_person(work, "Alma Anyone", "P-9")).value
    _session(books, desk)
    charge = _session(books, desk, patient=other, day=date(2026, 3, 3))
    line = service(charge="160", day="20260303")
    (found,) = matched(books, era(claim(THEIRS, line, patient=("ANYONE", "ALMA"))))
    assert charges(found.claims[0]) == [charge]


def test_two_clients_of_one_name_with_the_same_service_are_not_guessed(
    books: Office, desk: ClaimDesk
) -> None:
    other = books.write(lambda work: add_person(work, "Alma Anyone", "P-9")).value
    _session(books, desk)
    _session(books, desk, patient=other)
    (found,) = matched(books, era(claim(THEIRS, service(charge="160"), patient=("ANYONE", "ALMA"))))
    one = found.claims[0]
    assert (one.patient_id, one.why, whys(one)) == (None, Unposted.TWO_ALIKE, [Unposted.TWO_ALIKE])
    assert "2 clients" in one.words


def test_somebody_elses_claims_stay_as_not_ours(books: Office, desk: ClaimDesk) -> None:
    charge = _session(books, desk)
    (found,) = matched(
        books,
        era(
            claim("OTHER-1", service(charge="75"), patient=STRANGER),
            claim(THEIRS, service(charge="160")),
        ),
    )
    theirs, ours = found.claims
    assert (theirs.why, theirs.patient_id, charges(theirs)) == (Unposted.NOT_OURS, None, [None])
    assert (ours.why, charges(ours)) == (None, [charge])
    assert found.payer_id == desk.payer


def test_a_known_client_without_the_service_is_told(books: Office, desk: ClaimDesk) -> None:
    charge = _session(books, desk)
    lines = [service(charge="160"), service("90791", "250")]
    (found,) = matched(books, era(claim(THEIRS, *lines)))
    one = found.claims[0]
    assert (one.patient_id, one.why) == (desk.alma, Unposted.NO_LINE)
    assert (charges(one), whys(one)) == ([charge, None], [None, Unposted.NO_LINE])
    assert "90791" in one.words


def test_a_standing_charge_goes_before_a_voided_one(books: Office, desk: ClaimDesk) -> None:
    old = _session(books, desk)

    def void(work: Work) -> None:
        work.db.get_one(Charge, old).voided_on = work.today()

    books.write(void)
    (before,) = matched(books, era(claim(THEIRS, service(charge="160"))))
    assert whys(before.claims[0]) == [Unposted.VOIDED]
    new = _session(books, desk, minute=800)
    (found,) = matched(books, era(claim(THEIRS, service(charge="160"))))
    assert charges(found.claims[0]) == [new]
    assert whys(found.claims[0]) == [None]


def test_a_service_of_another_payer_is_told(books: Office, desk: ClaimDesk) -> None:
    own = _session(books, desk)
    strange = _session(books, desk, patient=desk.ben, day=date(2026, 3, 4))

    def move(work: Work) -> None:
        work.db.get_one(Charge, strange).payer_id = None

    books.write(move)
    books.write(lambda work: _end_policy(work, desk))
    ben = claim("SP-2", service(charge="160", day="20260304"), patient=("SOMEBODY", "BEN"))
    (found,) = matched(books, era(claim(THEIRS, service(charge="160")), ben))
    assert found.payer_id == desk.payer
    assert [whys(one) for one in found.claims] == [[None], [Unposted.OTHER_PAYER]]
    assert charges(found.claims[1]) == [strange]
    assert charges(found.claims[0]) == [own]
    assert found.claims[1].words == "It was billed to nobody, and Imaginary Blue answers it."


def test_days_of_the_claim_stand_for_those_of_its_lines(books: Office, desk: ClaimDesk) -> None:
    first = _session(books, desk)
    second = _session(books, desk, day=date(2026, 3, 9), code="90834")
    lines = [service("90834", "160", day=""), service("90837", "160", day="")]
    (found,) = matched(books, era(claim(THEIRS, *lines, days=("20260302", "20260309"))))
    assert charges(found.claims[0]) == [second, first]


def test_a_claim_answered_as_a_whole_is_the_only_service_of_its_days(
    books: Office, desk: ClaimDesk
) -> None:
    charge = _session(books, desk)
    whole = claim(THEIRS, charge="160", paid="160", days=("20260302",))
    (found,) = matched(books, era(whole))
    assert charges(found.claims[0]) == [charge]
    _session(books, desk, minute=800)
    (again,) = matched(books, era(whole))
    assert whys(again.claims[0]) == [Unposted.NOT_ITEMISED]


def test_a_client_under_another_name_is_found_by_the_payers_number(
    books: Office, desk: ClaimDesk
) -> None:
    charge = _session(books, desk)

    def report(work: Work) -> None:
        batch = add_batch(work)
        work.db.add(
            ReportedClaim(
                reference="R-1", payer_claim="ICN0001", patient_id=desk.alma, batch_id=batch
            )
        )

    books.write(report)
    nickname = ("ANYONE", "POLLY")
    known = claim(THEIRS, service(charge="160"), patient=nickname)
    other = claim(THEIRS, service(charge="160"), patient=nickname, payer_number="ICN0002")
    strange = claim(THEIRS, service("99999", "1"), patient=nickname)
    (found,) = matched(books, era(known, other, strange))
    assert [charges(one) for one in found.claims] == [[charge], [None], [None]]
    assert [one.why for one in found.claims] == [None, Unposted.NOT_OURS, Unposted.NOT_OURS]
    assert found.claims[0].matched_by == "number"


def _end_policy(work: Work, desk: ClaimDesk) -> None:
    work.db.get_one(Policy, desk.bens_policy).valid_to = date(2025, 12, 31)


def _session(
    books: Office,
    desk: ClaimDesk,
    *,
    patient: int | None = None,
    day: date = date(2026, 3, 2),
    code: str = "90837",
    minute: int = 540,
) -> int:
    """The charge of a session that no claim of ours bills."""
    session = books.write(
        lambda work: ready(work, desk, patient=patient, day=day, code=code, minute=minute)
    ).value
    (charge,) = charges_of(books, session)
    return charge
