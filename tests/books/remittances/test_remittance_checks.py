"""Every check of remittances finds the fault that it is for, and names it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.payment import Payment
from fscdesk.models.remittance import Remittance, RemittanceClaim, Unposted
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import applications_of, unapply
from fscdesk.services.remittances.answered import Plb
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from fscdesk.services.work import Work
from tests.support.payments import Till, verify
from tests.support.remittances_made import (
    CONTRACT,
    DEDUCTIBLE,
    claim,
    kept,
    line,
    plain,
    posted,
    remittance,
    staying,
    to_explain,
    will_take,
)
from tests.support.tampering import tamper


@pytest.fixture
def sound(books: Office, till: Till) -> Office:
    """A remittance that is posted in part, one that is posted, one that only was read."""

    def act(work: Work) -> None:
        first = claim(1, line(till.copays[0], 91_40, CONTRACT, DEDUCTIBLE))
        strange = claim(2, line(None, 75_00))
        plbs = (Plb(1, "WO", "A", -60_00), Plb(2, "CS", "B", 45_00))
        one = kept(work, remittance(till.payer, first, strange, plbs=plbs))
        stays = staying(strange, Unposted.NOT_OURS)
        decided = [will_take(plbs[0]), to_explain(plbs[1])]
        posted(work, one, [plain(first), stays], decided)
        second = claim(1, line(till.copays[1], 130_00))
        two = kept(work, remittance(till.payer, second, trace="EFT0002"))
        posted(work, two, [plain(second)])
        kept(work, remittance(till.payer, strange, trace="EFT0003"))

    books.write(act)
    verify(books)
    return books


@pytest.mark.parametrize(
    ("check", "offender", "sql"),
    [
        (
            "remittances-balance",
            (
                "remittance REM-2026-00001: check 181.40, claims 166.40, taken -15.00, off by 1.00"
                " as it says; 2 of 2 claims"
            ),
            "UPDATE remittance SET check_off = 100 WHERE id = 1",
        ),
        (
            "remittances-balance",
            (
                "remittance REM-2026-00002: check 130.00, claims 130.00, taken 0.00, off by 0.00 as"
                " it says; 1 of 2 claims"
            ),
            "UPDATE remittance SET claims = 2 WHERE id = 2",
        ),
        (
            "remittances-as-posted",
            (
                "remittance REM-2026-00001 is posted (1 to post), 1 of its claims are posted, 1 are"
                " not; payment posted"
            ),
            "UPDATE remittance SET status = 'posted' WHERE id = 1",
        ),
        (
            "remittances-as-posted",
            (
                "remittance REM-2026-00002 is undone (0 to post), 1 of its claims are posted, 0 are"
                " not; payment posted"
            ),
            "UPDATE remittance SET status = 'undone' WHERE id = 2",
        ),
        (
            "remittances-as-posted",
            (
                "remittance REM-2026-00003 is to post (0 to post), 0 of its claims are posted, 1"
                " are not; payment none"
            ),
            "UPDATE remittance SET unposted = 0 WHERE id = 3",
        ),
        (
            "remittances-as-posted",
            "remittance REM-2026-00002: its posted claims paid 131.00, its entries moved 130.00",
            (
                "UPDATE remittance_claim SET paid = 13100 WHERE remittance_id = 2;"
                "UPDATE remittance SET check_off = -100 WHERE id = 2"
            ),
        ),
        (
            "recoupments-add-up",
            "recoupment RCP-2026-00001: -60.00, 0.00 settled, -59.00 open",
            "UPDATE recoupment SET open = -5900 WHERE id = 1",
        ),
        (
            "recoupments-add-up",
            "payer 1: 40.00 is open to explain, account 1120 holds 45.00",
            "UPDATE recoupment SET open = 4000 WHERE id = 2",
        ),
        (
            "recoupments-add-up",
            "recoupment RCP-2026-00001: -59.00 is open, its credit holds 60.00",
            (
                "UPDATE recoupment SET open = -5900, amount = -5900 WHERE id = 1;"
                "UPDATE remittance SET check_off = 100 WHERE id = 1"
            ),
        ),
        (
            "numbers-without-gaps",
            "series RCP of 2026: 2 numbers were taken, 2 are there, the last is RCP-2026-00009",
            "UPDATE recoupment SET number = 'RCP-2026-00009' WHERE id = 2",
        ),
    ],
)
def test_a_fault_is_named_by_its_check_and_by_no_other(
    sound: Office, practice: str, check: str, offender: str, sql: str
) -> None:
    tamper(practice, *sql.split(";"))
    wrong = {one.name: one for one in sound.read(run_checks).checks if not one.ok}
    assert set(wrong) == {check}, {name: one.offenders for name, one in wrong.items()}
    assert offender in wrong[check].offenders


def _faults(books: Office) -> tuple[str, ...]:
    report = books.read(run_checks)
    assert {one.name for one in report.checks if not one.ok} <= {"remittances-as-posted"}
    return tuple(said for one in report.checks for said in one.offenders)


@pytest.mark.parametrize(
    ("paid", "fault"),
    [
        (130_00, None),
        (0, None),
        (130_01, "its posted claims paid 130.01, its entries moved 0.00"),
        (-1, "its posted claims paid -0.01, its entries moved 0.00"),
    ],
)
def test_what_a_person_took_back_leaves_room_for_its_claim_and_no_cent_more(
    sound: Office, practice: str, paid: int, fault: str | None
) -> None:
    def take_back(work: Work) -> None:
        number = work.db.scalars(select(Payment.id).where(Payment.reference == "EFT0002")).one()
        unapply(work, applications_of(work, number), on=work.today(), reason="Wrong session")

    sound.write(take_back)
    verify(sound)
    tamper(
        practice,
        f"UPDATE remittance_claim SET paid = {paid} WHERE remittance_id = 2",  # noqa: S608
        f"UPDATE remittance SET check_off = {130_00 - paid} WHERE id = 2",  # noqa: S608
    )
    wanted = () if fault is None else (f"remittance REM-2026-00002: {fault}",)
    assert _faults(sound) == wanted


def test_what_its_own_undo_took_back_leaves_no_room(sound: Office, practice: str) -> None:
    def undo(work: Work) -> None:
        wanted = select(RemittanceClaim.id).join(Remittance).where(Remittance.trace == "EFT0002")
        undo_claim(work, work.db.scalars(wanted).one(), "It was another client's")

    sound.write(undo)
    verify(sound)
    tamper(
        practice,
        "UPDATE remittance_claim SET fate = 'posted' WHERE remittance_id = 2",
        "UPDATE remittance SET unposted = 0, status = 'posted' WHERE id = 2",
    )
    fault = "its posted claims paid 130.00, its entries moved 0.00"
    assert _faults(sound) == (f"remittance REM-2026-00002: {fault}",)


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        (
            "UPDATE adjustment SET status = 'posted' WHERE request_key IS NOT NULL",
            "REM-2026-00002, claim 1, is not posted",
        ),
        (
            "UPDATE adjustment SET status = 'posted', request_key = NULL WHERE id = 1",
            "payment PAY-2026-00001 is voided",
        ),
    ],
    ids=["its claim", "its payment"],
)
def test_no_adjustment_stands_whose_answer_was_undone(
    books: Office, till: Till, practice: str, sql: str, fault: str
) -> None:
    def act(work: Work) -> None:
        kept(work, remittance(till.payer, claim(1, line(None, 75_00))))
        said = claim(1, line(till.copays[0], 91_40, CONTRACT, DEDUCTIBLE))
        one = kept(work, remittance(till.payer, said, trace="EFT0002"))
        posted(work, one, [plain(said)])
        undo_remittance(work, one, "Not ours")

    books.write(act)
    verify(books)
    tamper(practice, sql)
    found = {one.name: one.offenders for one in books.read(run_checks).checks if not one.ok}
    assert any(one.endswith(fault) for one in found["remittances-as-posted"]), found
