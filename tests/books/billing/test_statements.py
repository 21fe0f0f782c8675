"""Who gets a statement, what stands on it, and that it is the ledger's own figure."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import func, select, text

from fscdesk.models.audit import AuditEvent
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.practice import Practice
from fscdesk.models.setting import Setting
from fscdesk.models.staff import StaffRole
from fscdesk.models.statement import Statement, StatementRun
from fscdesk.models.values import GuarantorId, Money, PatientId
from fscdesk.services.billing.statements import (
    Flag,
    Made,
    Reason,
    StatementPlan,
    letterhead_of,
    made_statements,
    make_statements,
    plan_statements,
    preview_statement,
    statement_docs,
    statement_pdf_of,
)
from fscdesk.services.charges.settling import Recorded
from fscdesk.services.charges.voiding import void_charges
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger.balances import balance
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.office import Office
from fscdesk.services.printing.statement import StatementDoc
from fscdesk.services.sessions.recording import SessionDraft
from fscdesk.services.work import Work
from tests.support.accounts import Cast, a_draft, add_account, add_cast, record
from tests.support.clock import Clock
from tests.support.fail_after import Broken, broken_after
from tests.support.pdf import page_texts

MARCH = date(2026, 3, 31)
APRIL = date(2026, 4, 30)


def plan(books: Office, as_of: date = MARCH, **how: object) -> StatementPlan:
    return books.read(lambda work: plan_statements(work, as_of=as_of, **how))  # type: ignore[arg-type]


def make(books: Office, as_of: date = MARCH, **how: object) -> Made:
    wanted = plan(books, as_of, **how)
    return books.write(lambda work: make_statements(work, wanted)).value


def docs(books: Office, as_of: date = MARCH, **how: object) -> dict[str, StatementDoc]:
    wanted = plan(books, as_of, **how)
    made = books.read(lambda work: statement_docs(work, wanted))
    return {doc.recipient_name: doc for doc in made}


def rows(doc: StatementDoc) -> list[tuple[str, str, str, str, str, str]]:
    """The activity of a statement as it reads: day, what, charge, paid, insurance, balance."""
    return [
        (
            f"{line.day:%m/%d}" if line.day else "",
            line.what,
            str(line.charge or ""),
            str(line.paid or ""),
            str(line.insurance or ""),
            str(line.balance),
        )
        for section in doc.sections
        for line in section.lines
    ]


def fill(
    books: Office, *, share: int = 5_500, name: str = "Quill Fakerson", **facts: object
) -> list[int]:
    """One account that owes for a session of March 4."""

    def act(work: Work) -> list[int]:
        cast = add_cast(work)
        guarantor, patient = add_account(work, name, **facts)  # type: ignore[arg-type]
        record(
            work,
            a_draft(cast, guarantor, patient, date(2026, 3, 4), share=share),
            paid_on=MARCH,
        )
        return [guarantor, patient, cast.provider, cast.service]

    return books.write(act).value


def more(books: Office, ids: list[int], day: date, share: int, **how: object) -> None:
    guarantor, patient, provider, service = ids
    draft = a_draft(Cast(provider, service), guarantor, patient, day, share=share, **how)  # type: ignore[arg-type]
    books.write(lambda work: record(work, draft, paid_on=day))


def set_to(books: Office, key: str, value: object) -> None:
    def act(work: Work) -> None:
        who = work.actor.staff_id
        work.db.add(Setting(key=key, value=value, changed_by=who, changed_at=work.now()))

    books.write(act)


# The proof list


def test_everybody_is_on_the_proof_list_with_a_reason_and_it_ties_to_the_ledger(
    books: Office,
) -> None:
    def act(work: Work) -> None:
        cast = add_cast(work)
        for name, share, paid, facts in (
            ("Owes Fully", 5_500, 0, {}),
            ("Owes Little", 999, 0, {}),
            ("Owes Enough", 1_000, 0, {}),
            ("Owes Nothing", 4_000, 4_000, {}),
            ("Paid Twice", 4_000, 5_000, {}),
            ("Must Not", 5_500, 0, {"do_not_bill": True}),
            ("Came Back", 5_500, 0, {"bad_address": True}),
            ("No Street", 5_500, 0, {"address1": "", "zip_code": "99999"}),
        ):
            guarantor, patient = add_account(work, name, **facts)
            draft = a_draft(
                cast,
                guarantor,
                patient,
                date(2026, 3, 4),
                share=share,
                insurance=10_000,
                recorded=Recorded(paid, 0, 0),
            )
            record(work, draft, paid_on=date(2026, 3, 20))

    books.write(act)
    found = plan(books)
    assert [one.name for one in found.recipients] == ["Owes Enough", "Owes Fully", "No Street"]
    assert {one.name: (one.reason_code, one.balance.cents) for one in found.left_out} == {
        "Owes Little": (Reason.BELOW_MINIMUM, 999),
        "Owes Nothing": (Reason.ZERO, 0),
        "Paid Twice": (Reason.CREDIT, -1_000),
        "Must Not": (Reason.DO_NOT_BILL, 5_500),
        "Came Back": (Reason.BAD_ADDRESS, 5_500),
    }
    assert all(one.reason for one in found.left_out)
    ledger = books.read(lambda work: balance(work, "1100", "2400", as_of=MARCH))
    assert found.total + found.total_left_out == ledger
    by_mail = plan(books, mail_only=True)
    assert [one.name for one in by_mail.recipients] == ["Owes Enough", "Owes Fully"]
    assert Reason.NO_ADDRESS in {one.reason_code for one in by_mail.left_out}
    assert [one.name for one in plan(books, minimum=Money(5_000)).recipients] == [
        "Owes Fully",
        "No Street",
    ]


def test_the_minimum_is_the_practices_own(books: Office) -> None:
    fill(books, share=2_000)
    assert plan(books).minimum == Money(1_000)
    set_to(books, "statement_minimum", "25.00")
    found = plan(books)
    assert (found.minimum, found.recipients) == (Money(2_500), ())


def test_a_past_day_gives_what_the_office_would_have_seen(books: Office) -> None:
    ids = fill(books)
    before = plan(books)
    more(books, ids, date(2026, 4, 2), 3_000, recorded=Recorded(8_500, 0, 0))
    after = plan(books)
    assert [replace(one, flags=()) for one in after.recipients] == [
        replace(one, flags=()) for one in before.recipients
    ]
    # That money came meanwhile changes no figure of that day, but a person should look.
    assert after.recipients[0].flags == (Flag.FIRST, Flag.JUST_PAID)
    assert [one.balance.cents for one in plan(books, date(2026, 3, 3)).recipients] == []
    assert plan(books, APRIL).recipients == ()
    assert plan(books, APRIL).left_out[0].reason_code is Reason.ZERO


def test_an_account_is_flagged_for_what_a_person_should_look_at(books: Office) -> None:
    ids = fill(books, address1="")
    more(books, ids, date(2025, 11, 3), 2_000)
    more(books, ids, date(2026, 3, 9), 1_000, recorded=Recorded(1_500, 0, 0))
    (one,) = plan(books).recipients
    assert one.flags == (Flag.NO_ADDRESS, Flag.OVER_120, Flag.CREDITS, Flag.FIRST)
    assert one.ages.owed == (Money(5_500), Money(), Money(), Money(), Money(2_000))
    assert one.ages.credits == Money(500)
    assert one.ages.due_now == one.balance == Money(7_000)


@pytest.mark.parametrize(("days", "bucket"), [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2),
                                              (91, 3), (120, 3), (121, 4), (900, 4)])  # fmt: skip
def test_ages_are_counted_from_the_service(sqlite_books: Office, days: int, bucket: int) -> None:
    ids = fill(sqlite_books, share=0)
    more(sqlite_books, ids, MARCH - timedelta(days=days), 5_000)
    (one,) = plan(sqlite_books).recipients
    assert [amount.cents for amount in one.ages.owed].index(5_000) == bucket


def test_the_period_may_not_begin_after_it_ends(sqlite_books: Office) -> None:
    with pytest.raises(Problem, match="cannot begin on 04/01/2026"):
        plan(sqlite_books, since=date(2026, 4, 1))


# What stands on a statement


def test_charges_payments_and_what_insurance_takes_over(books: Office) -> None:
    ids = fill(books, share=9_500)
    more(
        books,
        ids,
        date(2026, 3, 11),
        2_000,
        insurance=14_000,
        recorded=Recorded(2_000, 9_000, 5_000),
    )
    more(books, ids, date(2026, 2, 20), 4_000)
    doc = docs(books)["Quill Fakerson"]
    assert doc.sections[0].previous_balance == Money(4_000)
    assert rows(doc) == [
        ("03/04", "Service 90834", "95.00", "", "", "135.00"),
        ("03/11", "Service 90834", "160.00", "", "-140.00", "155.00"),
        ("03/11", "Payment, thank you", "", "-20.00", "", "135.00"),
    ]
    assert (doc.period_from, doc.period_to) == (date(2026, 3, 1), MARCH)
    assert doc.amount_due == Money(13_500)
    assert doc.day == date(2026, 4, 12)
    assert doc.due_by == date(2026, 5, 12)
    assert doc.note == "Sessions with Mockley O’Sample"
    assert doc.recipient_address == ("102 Nowhere Lane", "Sampleville, NJ 07002")


def test_due_date_follows_the_setting(sqlite_books: Office) -> None:
    fill(sqlite_books)
    set_to(sqlite_books, "net_days", 14)
    set_to(sqlite_books, "statement_message", "We moved.")
    doc = docs(sqlite_books)["Quill Fakerson"]
    assert (doc.due_by, doc.message) == (date(2026, 4, 26), "We moved.")


def test_a_correction_is_shown_as_one(books: Office) -> None:
    ids = fill(books, share=9_500)
    make(books)

    def act(work: Work) -> None:
        session = work.db.execute(text("SELECT id FROM session")).scalar_one()
        void_charges(work, [session], on=date(2026, 4, 3), reason="Wrong code", batch_id=None)

    books.write(act)
    more(books, ids, date(2026, 4, 3), 8_000)
    doc = docs(books, APRIL)["Quill Fakerson"]
    assert doc.sections[0].previous_balance == Money(9_500)
    assert rows(doc) == [
        ("04/03", "Correction: Service 90834 of 03/04/2026", "-95.00", "", "", "0.00"),
        ("04/03", "Service 90834", "80.00", "", "", "80.00"),
    ]


def test_what_was_undone_on_its_own_day_is_no_news(books: Office) -> None:
    fill(books)

    def act(work: Work) -> None:
        first = work.db.scalars(select(JournalEntry.id).order_by(JournalEntry.id)).first()
        again = reverse(work, first or 0, on=date(2026, 3, 4), reason="Undo of the import")
        reverse(work, again, on=date(2026, 3, 4), reason="Back again")

    books.write(act)
    assert rows(docs(books)["Quill Fakerson"]) == [
        ("03/04", "Service 90834", "55.00", "", "", "55.00")
    ]


def test_a_payment_taken_back_is_said(books: Office) -> None:
    ids = fill(books)
    more(books, ids, date(2026, 3, 6), 3_000, recorded=Recorded(3_000, 0, 0))

    def act(work: Work) -> None:
        paid = work.db.scalars(
            select(JournalEntry.id).where(JournalEntry.kind == EntryKind.SP_RECORDED)
        ).one()
        reverse(work, paid, on=date(2026, 3, 9), reason="Refunded")

    books.write(act)
    assert rows(docs(books)["Quill Fakerson"])[-1] == (
        *("03/09", "Correction: payment for 03/06/2026", "", "30.00", "", "85.00"),
    )


def test_several_patients_have_a_section_each(books: Office) -> None:
    def act(work: Work) -> None:
        cast = add_cast(work)
        guarantor, first, second = add_account(work, "Parent Example", patients=2)
        record(
            work,
            a_draft(cast, guarantor, first, date(2026, 3, 4), share=2_000),
            a_draft(cast, guarantor, second, date(2026, 3, 5), share=3_000),
            paid_on=MARCH,
        )

    books.write(act)
    doc = docs(books)["Parent Example"]
    assert [(one.heading, one.totals().balance.cents) for one in doc.sections] == [
        ("Parent Example A.", 2_000),
        ("Parent Example B.", 3_000),
    ]


# One statement after the other


def test_a_statement_goes_on_where_the_last_one_ended(books: Office, clock: Clock) -> None:
    ids = fill(books)
    first = make(books)
    clock.forward(days=20)
    more(books, ids, date(2026, 4, 8), 3_000)
    more(books, ids, date(2026, 3, 28), 1_000)  # came in late: it was not on the first one
    doc = docs(books, APRIL)["Quill Fakerson"]
    assert first.statements[0].amount == doc.sections[0].previous_balance == Money(5_500)
    assert doc.period_from == date(2026, 4, 1)
    assert rows(doc) == [
        ("03/28", "Service 90834", "10.00", "", "", "65.00"),
        ("04/08", "Service 90834", "30.00", "", "", "95.00"),
    ]
    (one,) = plan(books, APRIL).recipients
    assert one.last is not None
    assert one.last.number == first.statements[0].number


def test_nobody_is_reminded_twice_in_a_month(books: Office) -> None:
    fill(books)
    number = make(books).statements[0].number
    again = plan(books)
    assert [(one.reason_code, number in one.reason) for one in again.left_out] == [
        (Reason.STATED, True)
    ]
    with pytest.raises(Problem, match="Nobody gets a statement as of 03/31/2026"):
        make(books)
    soon = plan(books, date(2026, 4, 20))
    assert [one.reason_code for one in soon.left_out] == [Reason.NOTHING_NEW]
    assert [one.balance.cents for one in plan(books, APRIL).recipients] == [5_500]


def test_what_came_in_late_for_a_stated_day_gives_a_new_statement(books: Office) -> None:
    ids = fill(books)
    make(books)
    more(books, ids, date(2026, 3, 30), 1_000)
    assert [one.balance.cents for one in plan(books).recipients] == [6_500]


# Making them


def test_what_is_made_is_kept_byte_for_byte(books: Office) -> None:
    ids = fill(books)
    made = make(books)
    (one,) = made.statements
    assert one.number == "ST-2026-00001"
    kept = books.read(lambda work: statement_pdf_of(work, one.id))
    assert hashlib.sha256(kept).hexdigest() == one.sha256
    assert "$55.00" in page_texts(kept)[0]
    more(books, ids, date(2026, 3, 5), 7_000)  # the figures stay as they were
    assert books.read(lambda work: statement_pdf_of(work, one.id)) == kept
    again = books.read(lambda work: made_statements(work, made.run_id))
    assert again.statements == made.statements
    run = books.read(lambda work: work.db.get_one(StatementRun, made.run_id))
    assert (run.as_of, run.minimum, run.made_by) == (MARCH, Money(1_000), books.actor.staff_id)
    event = books.read(
        lambda work: work.db.scalars(select(AuditEvent).filter_by(noun="statement_run")).one()
    )
    assert event.detail == {
        "as_of": "2026-03-31",
        "statements": 1,
        "total": "55.00",
        "left_out": 0,
    }


def test_a_page_that_was_changed_outside_is_not_printed(books: Office) -> None:
    fill(books)
    (one,) = make(books).statements

    def act(work: Work) -> None:
        work.db.get_one(Statement, one.id).pdf = b"%PDF-1.4 somebody else's"

    books.write(act)
    with pytest.raises(Problem, match="ST-2026-00001 was changed outside"):
        books.read(lambda work: statement_pdf_of(work, one.id))
    with pytest.raises(Problem, match="no statement 999"):
        books.read(lambda work: statement_pdf_of(work, 999))


def test_a_list_that_is_not_of_this_moment_is_not_made(books: Office) -> None:
    ids = fill(books)
    shown = plan(books)
    more(books, ids, date(2026, 3, 5), 7_000)
    with pytest.raises(ChangedElsewhere, match="books changed after this list"):
        books.write(lambda work: make_statements(work, shown))
    assert books.read(lambda work: work.db.scalars(select(Statement)).all()) == []


def test_only_who_may_makes_statements(books: Office) -> None:
    fill(books)
    shown = plan(books)

    def act(work: Work) -> None:
        for role in work.db.scalars(select(StaffRole)):
            work.db.delete(role)

    books.write(act)
    with pytest.raises(Problem, match="You may not make statements"):
        plan(books)
    with pytest.raises(Problem, match="You may not make statements"):
        books.write(lambda work: make_statements(work, shown))


def test_whatever_breaks_nothing_is_half_made(books: Office) -> None:
    fill(books)
    shown = plan(books)
    broken = 0
    while True:
        with broken_after(books, broken) as countdown:
            try:
                made = books.write(lambda work: make_statements(work, shown)).value
            except Broken:
                made = None
        assert (made is None) == countdown.fired
        if made is not None:
            break
        left = books.read(
            lambda work: (
                work.db.scalars(select(Statement.id)).all(),
                work.db.scalars(select(StatementRun.id)).all(),
                work.db.scalars(select(AuditEvent.id).filter_by(noun="statement_run")).all(),
            )
        )
        assert left == ([], [], [])
        broken += 1
    assert broken > 10
    assert [one.number for one in made.statements] == ["ST-2026-00001"]  # no number was lost


def test_a_preview_is_not_kept(books: Office) -> None:
    guarantor, patient, *_ = fill(books, share=500)  # below the minimum: shown all the same
    of_guarantor = books.read(
        lambda work: preview_statement(work, as_of=MARCH, guarantor_id=GuarantorId(guarantor))
    )
    of_patient = books.read(
        lambda work: preview_statement(work, as_of=MARCH, patient_id=PatientId(patient))
    )
    assert of_guarantor == of_patient
    assert "$5.00" in page_texts(of_guarantor)[0]
    assert "Preview" in page_texts(of_guarantor)[0]
    assert books.read(lambda work: work.db.scalars(select(Statement)).all()) == []
    with pytest.raises(Problem, match="no such account"):
        books.read(lambda work: preview_statement(work, as_of=MARCH, patient_id=PatientId(999)))


def test_names_that_look_like_markup_print_as_themselves(sqlite_books: Office) -> None:
    fill(sqlite_books, number="A<B", name="<b> & A<B")
    (one,) = make(sqlite_books).statements
    page = page_texts(sqlite_books.read(lambda work: statement_pdf_of(work, one.id)))[0]
    assert "<b> & A<B" in page
    assert sqlite_books.read(letterhead_of).address == (
        "200 Nowhere Avenue, Suite 4",
        "Sampleville, NJ 07000",
    )


# Whatever happened


@pytest.mark.parametrize("seed", range(6))
def test_every_statement_is_the_ledgers_figure(books: Office, clock: Clock, seed: int) -> None:
    """Random months of sessions, payments, voids and statements, in random order."""
    months = Months(books, seed)
    for _ in range(24):
        clock.forward(hours=5)
        months.go_on()
        for as_of in (months.day, months.day - timedelta(days=months.chance.randint(1, 40))):
            books.read(lambda work, as_of=as_of: prove(work, as_of))  # type: ignore[misc]


class Months:
    """A small practice that lives at random."""

    def __init__(self, books: Office, seed: int) -> None:
        self.books, self.chance, self.day = books, random.Random(seed), date(2026, 1, 5)
        self.cast = books.write(add_cast).value
        self.accounts = [books.write(self._account).value for _ in range(6)]
        self.sessions: list[int] = []
        self.minutes = count()

    def go_on(self) -> None:
        """Let some days pass and do one thing."""
        self.day += timedelta(days=self.chance.randint(0, 9))
        match self.chance.randrange(4):
            case 0 | 1:
                self.sessions += self.books.write(self._some_sessions).value
            case 2 if self.sessions:
                self.books.write(self._void_one)
            case _:
                wanted = plan(self.books, self.day - timedelta(days=self.chance.randint(0, 20)))
                if wanted.recipients:
                    self.books.write(lambda work: make_statements(work, wanted))

    def _account(self, work: Work) -> list[int]:
        name = f"Account {self.chance.randrange(10**9)}"
        return add_account(work, name, patients=self.chance.randint(1, 3))

    def _void_one(self, work: Work) -> None:
        gone = self.sessions.pop(self.chance.randrange(len(self.sessions)))
        void_charges(work, [gone], on=self.day, reason="Cancelled", batch_id=None)

    def _some_sessions(self, work: Work) -> list[int]:
        drafts = [self._draft() for _ in range(self.chance.randint(1, 5))]
        return record(work, *drafts, paid_on=self.day)

    def _draft(self) -> SessionDraft:
        chance = self.chance
        guarantor, *patients = chance.choice(self.accounts)
        share, insurance = chance.choice((0, 1_000, 2_500)), chance.choice((0, 10_000))
        return a_draft(
            self.cast,
            guarantor,
            chance.choice(patients),
            self.day - timedelta(days=chance.randint(0, 30)),
            share=share,
            insurance=insurance,
            minute=next(self.minutes),
            recorded=Recorded(
                chance.choice((0, 0, share, share + 500)), chance.choice((0, insurance)), 0
            ),
        )


def prove(work: Work, as_of: date) -> None:
    """Every statement of the day says what the ledger says, and what the last one said."""
    found = plan_statements(work, as_of=as_of, minimum=Money(1))
    assert found.total + found.total_left_out == balance(work, "1100", "2400", as_of=as_of)
    for doc, one in zip(statement_docs(work, found), found.recipients, strict=True):
        owed = work.db.scalar(
            select(func.sum(JournalLine.amount)).where(
                JournalLine.guarantor_id == one.guarantor_id,
                JournalLine.account.in_(("1100", "2400")),
                JournalLine.day <= as_of,
            )
        )
        assert doc.totals().balance == doc.amount_due == one.ages.due_now == owed
        if one.last is not None:
            stated = select(Statement.amount_due).filter_by(number=one.last.number)
            before = sum(section.previous_balance.cents for section in doc.sections)
            assert Money(before) == work.db.scalar(stated)
        for section in doc.sections:
            running = section.previous_balance
            for line in section.lines:
                for change in (line.charge, line.paid, line.insurance, line.adjusted):
                    running += change or Money()
                assert line.balance == running


def test_a_practice_without_an_address_is_told_and_not_refused(books: Office) -> None:
    plan = books.read(lambda work: plan_statements(work, as_of=MARCH))
    assert [finding.message for finding in plan.findings] == [
        "Statements would print without a return address. Add it under Setup, Practice."
    ]

    def move_in(work: Work) -> None:
        practice = work.db.get_one(Practice, 1)
        practice.address1, practice.city = "200 Nowhere Avenue", "Testville"

    books.write(move_in)
    assert books.read(lambda work: plan_statements(work, as_of=MARCH)).findings == ()
