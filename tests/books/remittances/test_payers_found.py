"""Whose a remittance is: by whom it names, and by whose claims it answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.coverage import Policy
from fscdesk.models.payer import Payer
from fscdesk.models.remittance import (
    Remittance,
    RemittanceOrigin,
    RemittanceStatus,
    Unposted,
)
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.remittances.matching import match
from fscdesk.services.setup.payers import PayerFields, add_payer, add_payer_alias
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, add_policy, build, put_at, ready
from tests.support.era_lines import EraService
from tests.support.era_matching import (
    BEN,
    STRANGER,
    charges,
    copied,
    matched,
    send_claim,
    sent,
    whys,
)
from tests.support.eras import claim, era, file_of, remittance, service
from tests.support.eras_answered import answered

UNKNOWN: dict[str, Any] = {
    "payer": "UNHEARD OF MUTUAL",
    "payer_id": "00000",
    "origin": "1000000000",
}


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


def _whose(books: Office, **names: str) -> int | None:
    """Whose a remittance is that answers nothing of ours."""
    text = era(claim("X", service(), patient=STRANGER), **{**UNKNOWN, **names})
    (found,) = matched(books, text)
    return found.payer_id


def test_by_its_code_its_name_or_an_alias(books: Office, desk: ClaimDesk) -> None:
    books.write(lambda work: add_payer_alias(work, desk.next_payer, "East of Eden"))
    books.write(lambda work: add_payer_alias(work, desk.next_payer, "Coded (E-77)"))
    assert _whose(books) is None
    assert _whose(books, payer_id="99902") == desk.next_payer
    assert _whose(books, payer="IMAGINARY BLUE") == desk.payer
    assert _whose(books, payer="EAST OF EDEN") == desk.next_payer
    assert _whose(books, payer="CODED", payer_id="E-77") == desk.next_payer
    assert _whose(books, origin="199902") == desk.next_payer
    assert _whose(books, payer="IMAGINARY BLUE", payer_id="99902") == desk.next_payer


def test_by_another_id_of_the_payer(books: Office, desk: ClaimDesk) -> None:
    head = [
        "N1*PR*UNHEARD OF MUTUAL*XV*00000",
        "REF*2U*99902",
        "N1*PE*FICTIONAL SPRINGS COUNSELING*XX*1234567893",
    ]
    text = era(claim("X", service(), patient=STRANGER), head=head, origin="1000000000")
    (found,) = matched(books, text)
    assert found.payer_id == desk.next_payer


def test_two_payers_of_one_code_are_not_guessed(books: Office, desk: ClaimDesk) -> None:
    def same_code(work: Work) -> None:
        work.db.get_one(Payer, desk.next_payer).payer_code = "99901"

    books.write(same_code)
    assert _whose(books, payer_id="99901") is None
    one = send_claim(books, desk)
    (found,) = matched(books, era(claim(one.account, service(charge="160")), payer_id="99901"))
    assert found.payer_id == desk.payer


def test_an_inactive_payer_of_the_same_code_counts_for_nothing(
    books: Office, desk: ClaimDesk
) -> None:
    def same_code(work: Work) -> None:
        other = work.db.get_one(Payer, desk.next_payer)
        other.payer_code, other.active = "99901", False

    books.write(same_code)
    assert _whose(books, payer_id="99901") == desk.payer


def test_a_name_that_nobody_knows_is_whose_claims_it_answers(
    books: Office, desk: ClaimDesk
) -> None:
    one = send_claim(books, desk)
    (found,) = matched(books, era(claim(one.account, service(charge="160")), **UNKNOWN))
    assert found.payer_id == desk.payer
    assert whys(found.claims[0]) == [None]


def test_a_name_that_was_settled_once_is_known(books: Office, desk: ClaimDesk) -> None:
    def settle(work: Work) -> None:
        work.db.add(
            Remittance(
                number="ERA-2026-00001",
                origin=RemittanceOrigin.ERA,
                payer_id=desk.next_payer,
                payer_name=UNKNOWN["payer"],
                payer_code=UNKNOWN["payer_id"],
                amount=Money(100),
                paid_on=date(2026, 3, 1),
                status=RemittanceStatus.TO_POST,
                read_by=work.actor.staff_id,
                read_at=work.now(),
            )
        )

    books.write(settle)
    assert _whose(books) == desk.next_payer
    assert _whose(books, payer_id="00001") is None


def test_the_payer_that_got_the_claim_from_another_answers_under_its_number(
    books: Office, desk: ClaimDesk
) -> None:
    """The second payer's answer names the first one's claim: it is not the first payer's."""
    books.write(lambda work: add_policy(work, desk.alma, desk.next_payer, "EAST-1", rank=2))
    one = send_claim(books, desk)
    second = claim(one.account, service(charge="160", cas="OA23=100"), status="2")
    (found,) = matched(books, era(second, payer="EXAMPLE EAST", payer_id="99902"))
    (answered,) = found.claims
    assert found.payer_id == desk.next_payer
    assert (answered.claim_id, charges(answered)) == (None, list(one.charges))
    assert (answered.why, answered.lines[0].claim_line_id) == (None, None)


def test_a_second_payer_without_a_policy_here_is_not_taken_for_the_first(
    books: Office, desk: ClaimDesk
) -> None:
    """Its money would be posted as the first payer's; a person adds the policy instead."""
    one = send_claim(books, desk)
    second = claim(one.account, service(charge="160", cas="OA23=100"), status="2")
    (found,) = matched(books, era(second, payer="EXAMPLE EAST", payer_id="99902"))
    assert found.payer_id == desk.next_payer
    assert whys(found.claims[0]) == [Unposted.OTHER_PAYER]
    (nobodys,) = matched(books, era(second, **UNKNOWN))
    assert nobodys.payer_id is None


def test_the_second_payers_own_claim_is_named_where_there_is_one(
    books: Office, desk: ClaimDesk
) -> None:
    books.write(lambda work: add_policy(work, desk.alma, desk.next_payer, "EAST-1", rank=2))
    one = send_claim(books, desk)
    other = _second_claim(books, desk, one.id)
    second = claim(one.account, service(charge="160", cas="OA23=100"), status="2")
    (found,) = matched(books, era(second, payer="EXAMPLE EAST", payer_id="99902"))
    assert found.claims[0].claim_id == other
    assert charges(found.claims[0]) == list(one.charges)
    line = sent(books, other).lines[0]
    assert found.claims[0].lines[0].claim_line_id == line


def test_a_payer_that_is_first_and_second_answers_the_claim_of_its_place(
    books: Office, desk: ClaimDesk
) -> None:
    """Under the number of its first claim: what it paid on itself comes after that."""
    books.write(lambda work: add_policy(work, desk.alma, desk.payer, "SPOUSE-1", rank=2))
    one = send_claim(books, desk)
    lines = service(charge="160", cas="OA23=100")
    alone, _ = _both(books, one.account, lines)
    assert alone == one.id
    other = books.write(
        lambda work: copied(work, one.id, "CLM-2026-09001", rank=2, primary_id=one.id).id
    ).value
    assert _both(books, one.account, lines) == (other, one.id)


def _both(books: Office, account: str, line: EraService) -> tuple[int | None, int | None]:
    """The claims that an answer at the second and one at the first place are about."""
    parts = claim(account, line, status="2"), claim(account, line, status="1")
    (found,) = matched(books, era(*parts))
    second, first = (each.claim_id for each in found.claims)
    return second, first


def test_a_payer_that_covers_nobody_here_is_told_line_by_line(
    books: Office, desk: ClaimDesk
) -> None:
    """The claim is the first payer's; who answers it has no policy for that day."""
    other = books.write(
        lambda work: add_payer(work, PayerFields("Far Away Health", "Far Away", "55555"))
    ).value
    mine, bens = send_claim(books, desk), _claim_of_ben(books, desk)
    books.write(lambda work: add_policy(work, desk.ben, other, "FAR-1", rank=2))
    (found,) = matched(
        books,
        era(
            claim(mine.account, service(charge="160")),
            claim(bens, service(charge="160"), patient=BEN),
            payer="FAR AWAY HEALTH",
            payer_id="55555",
        ),
    )
    assert found.payer_id == other
    assert [whys(one) for one in found.claims] == [[Unposted.OTHER_PAYER], [None]]
    assert found.claims[0].claim_id is None
    assert "Imaginary Blue" in found.claims[0].words
    assert "Far Away Health" in found.claims[0].words


def test_a_payer_that_a_person_chose_stays(books: Office, desk: ClaimDesk) -> None:
    one = send_claim(books, desk)
    (said,) = answered(era(claim(one.account, service(charge="160"))))
    chosen = replace(said, payer_id=desk.next_payer)
    (found,) = books.read(lambda work: match(work, [chosen]))
    assert found.payer_id == desk.next_payer
    assert whys(found.claims[0]) == [Unposted.OTHER_PAYER]


def test_several_remittances_of_a_file_each_have_their_payer(
    books: Office, desk: ClaimDesk
) -> None:
    one = send_claim(books, desk)
    text = file_of(
        remittance(claim(one.account, service(charge="160")), control="0001"),
        remittance(
            claim("X", service(), patient=STRANGER),
            control="0002",
            trace="T2",
            payer="EXAMPLE EAST",
            payer_id="99902",
        ),
        remittance(claim("Y", service(), patient=STRANGER), control="0003", trace="T3", **UNKNOWN),
    )
    found = matched(books, text)
    assert [each.payer_id for each in found] == [desk.payer, desk.next_payer, None]
    assert [each.position for each in found] == [1, 2, 3]


def _claim_of_ben(books: Office, desk: ClaimDesk) -> str:
    session = books.write(lambda work: ready(work, desk, patient=desk.ben)).value
    (claim_id,) = build(books, [session])
    books.write(lambda work: put_at(work, claim_id, ClaimStatus.SUBMITTED))
    return sent(books, claim_id).account


def _second_claim(books: Office, desk: ClaimDesk, first: int) -> int:
    """The claim of the same services to the second payer."""

    def act(work: Work) -> int:
        policy = work.db.scalars(select(Policy).where(Policy.payer_id == desk.next_payer)).one()
        new = copied(
            *(work, first, "CLM-2026-09001"),
            payer_id=desk.next_payer,
            rank=2,
            primary_id=first,
            policy_id=policy.id,
        )
        return new.id

    return books.write(act).value
