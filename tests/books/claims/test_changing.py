"""What is typed on a claim's page: which claim takes it, and how a decided one goes again."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.claim import Claim, ClaimStatus, Frequency
from fscdesk.services.claims import changing
from fscdesk.services.claims.answers import PayersAnswer, record_answer
from fscdesk.services.claims.changing import Changed, Typed
from fscdesk.services.claims.content import ClaimContent
from fscdesk.services.claims.editing import edits_of
from fscdesk.services.claims.fixes import NEW_AUTHORIZATION
from fscdesk.services.claims.mending import source_of
from fscdesk.services.claims.page_view import ClaimView, claim_view
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claim_acts import TODAY, denied_claim, rejected_claim, sent_claim, version_of
from tests.support.claims import add_authorization, add_claim_desk, claim_of, the_claim


def types(books: Office, claim_id: int, *typed: Typed) -> Changed:
    seen = version_of(books, claim_id)
    return books.write(
        lambda work: changing.change_fields(work, claim_id, typed, expected_version=seen)
    ).value


def puts(books: Office, claim_id: int) -> changing.Put:
    seen = version_of(books, claim_id)
    return books.write(
        lambda work: changing.put_in_batch(work, claim_id, expected_version=seen)
    ).value


def view(books: Office, claim_id: int) -> ClaimView:
    return books.read(lambda work: claim_view(work, claim_id))


def content(books: Office, claim_id: int) -> ClaimContent:
    found = view(books, claim_id).page.content
    assert found is not None
    return found


def test_typing_on_a_draft_changes_the_draft(books: Office) -> None:
    claim_id = claim_of(books)
    done = types(
        books,
        claim_id,
        Typed("line_modifiers", "95 hj", line=1),
        Typed("diagnoses", "f41.1, F33.0"),
        Typed("line_pointers", "AB", line=1),
        Typed("note", "By video"),
    )
    assert (done.claim_id, done.made) == (claim_id, False)
    now = content(books, claim_id)
    assert now.lines[0].modifiers == ("95", "HJ")
    assert now.lines[0].pointers == (1, 2)
    assert (now.diagnoses, now.note) == (("F41.1", "F33.0"), "By video")
    back = books.write(lambda work: changing.put_back(work, done)).value
    assert back == done.number
    assert books.read(lambda work: edits_of(work, claim_id)) == done.before


def test_typing_on_a_denied_claim_makes_the_corrected_one_with_that_change(books: Office) -> None:
    claim_id = denied_claim(books)
    done = types(books, claim_id, Typed("line_modifiers", "95", line=1))
    assert done.made
    assert done.claim_id != claim_id
    first, new = the_claim(books, claim_id), the_claim(books, done.claim_id)
    assert first.status is ClaimStatus.DENIED
    assert content(books, claim_id).lines[0].modifiers == ()
    assert (new.frequency, new.original_number) == (Frequency.REPLACEMENT, "ICN-2026-1")
    assert new.held_for == changing.CORRECTING
    shown = view(books, done.claim_id)
    assert [(one.box, one.was, one.will_be) for one in shown.differs] == [
        ("22", "1, original", "7, replacement"),
        ("22", "empty", "ICN-2026-1"),
        ("24d", "empty", "95"),
    ]
    with pytest.raises(Problem, match="takes the place of"):
        types(books, claim_id, Typed("note", "Again"))


def test_what_is_corrected_goes_with_the_next_batch_and_can_be_held_again(books: Office) -> None:
    claim_id = denied_claim(books)
    done = types(books, claim_id, Typed("line_modifiers", "95", line=1))
    put = puts(books, done.claim_id)
    assert (put.ready, put.why, put.made, put.back) == (True, "", False, True)
    assert (put.frequency, put.original_number) == (Frequency.REPLACEMENT, "ICN-2026-1")
    assert the_claim(books, done.claim_id).status is ClaimStatus.SCRUBBED
    books.write(lambda work: changing.take_from_batch(work, done.claim_id))
    assert the_claim(books, done.claim_id).held_for == changing.CORRECTING


def test_a_decided_claim_goes_again_without_a_change(books: Office) -> None:
    put = puts(books, denied_claim(books))
    assert (put.ready, put.made, put.frequency) == (True, True, Frequency.REPLACEMENT)


def test_without_the_payers_number_it_goes_as_an_original_only(books: Office) -> None:
    claim_id = denied_claim(books)

    def forget(work: Work) -> None:
        work.db.get_one(Claim, claim_id).payer_number = ""

    books.write(forget)
    goes = view(books, claim_id).goes_as
    assert goes is not None
    assert goes.frequency is Frequency.ORIGINAL
    assert "not known" in goes.why
    done = types(books, claim_id, Typed("line_modifiers", "95", line=1))
    assert done.frequency is Frequency.ORIGINAL
    assert the_claim(books, done.claim_id).original_number == ""


def test_a_rejected_claim_is_changed_itself_and_goes_again(books: Office) -> None:
    claim_id = rejected_claim(books)
    done = types(books, claim_id, Typed("line_modifiers", "95", line=1))
    assert (done.claim_id, done.made) == (claim_id, False)
    put = puts(books, claim_id)
    assert (put.claim_id, put.ready, put.made, put.back) == (claim_id, True, False, False)
    assert put.frequency is Frequency.ORIGINAL


def test_what_a_payer_has_and_did_not_decide_stays(books: Office) -> None:
    claim_id = claim_of(books, status=ClaimStatus.SUBMITTED)
    with pytest.raises(Problem, match="is submitted"):
        types(books, claim_id, Typed("note", "Late"))
    with pytest.raises(Problem, match="is submitted"):
        puts(books, claim_id)


def test_the_member_id_of_a_denied_claim_is_mended_in_the_policy(books: Office) -> None:
    claim_id = denied_claim(books)
    source = books.read(lambda work: source_of(work, claim_id, "member_id"))
    typed = Typed("member_id", "XYZ000000001", source_version=source.version)
    done = types(books, claim_id, typed, Typed("note", "New card"))
    assert done.made
    assert done.sources == ("the client's policy",)
    coverage = content(books, done.claim_id).coverage
    assert coverage is not None
    assert coverage.member_id == "XYZ000000001"
    assert content(books, done.claim_id).note == "New card"
    words = {one.words for one in view(books, done.claim_id).differs}
    assert {"Member id", "Note", "Frequency", "Reference"} == words


def test_two_fields_of_one_record_are_mended_together(books: Office) -> None:
    claim_id = claim_of(books)
    source = books.read(lambda work: source_of(work, claim_id, "birth_date"))
    done = types(
        books,
        claim_id,
        Typed("birth_date", date(1981, 5, 1), source_version=source.version),
        Typed("sex", "M", source_version=source.version),
    )
    assert done.sources == ("the client's record",)
    person = content(books, claim_id).patient
    assert (person.birth_date, person.sex) == (date(1981, 5, 1), "M")


def test_all_of_it_is_saved_or_nothing(books: Office) -> None:
    claim_id = denied_claim(books)
    before = books.read(lambda work: work.db.query(Claim).count())
    with pytest.raises(Problem, match="is not a modifier"):
        types(books, claim_id, Typed("line_modifiers", "9-5", line=1))
    with pytest.raises(Problem, match="cannot be changed on a claim"):
        types(books, claim_id, Typed("note", "X"), Typed("line_units", "2", line=1))
    with pytest.raises(ChangedElsewhere):
        types(books, claim_id, Typed("member_id", "XYZ000000001", source_version=99))
    with pytest.raises(Problem, match="points to no diagnosis"):
        types(books, claim_id, Typed("line_pointers", "A?", line=1))
    assert books.read(lambda work: work.db.query(Claim).count()) == before


def test_the_second_desk_is_told(books: Office) -> None:
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    types(books, claim_id, Typed("note", "First"))
    with pytest.raises(Problem, match="takes the place of"):
        books.write(
            lambda work: changing.change_fields(
                work, claim_id, [Typed("note", "Second")], expected_version=seen
            )
        )


def test_an_authorization_that_covers_the_days_is_offered_for_a_denial(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    claim_id = sent_claim(books, desk=desk)

    def grant(work: Work) -> int:
        add_authorization(work, desk.alma, desk.payer, 8, number="OLD", until=date(2026, 1, 31))
        add_authorization(work, desk.alma, desk.payer, 8, number="ELSE", code="90791")
        return add_authorization(work, desk.alma, desk.payer, 8, number="A-4471")

    granted = books.write(grant).value
    assert view(books, claim_id).fixes == ()
    seen = version_of(books, claim_id)
    answer = PayersAnswer(ClaimStatus.DENIED, TODAY, carc="197", group="CO")
    books.write(lambda work: record_answer(work, claim_id, answer, expected_version=seen))
    (fix,) = view(books, claim_id).fixes
    assert (fix.field, fix.words, fix.value) == ("authorization", "Use A-4471", granted)
    assert fix.why.startswith("A-4471 covers 03/02/2026; 8")
    done = types(books, claim_id, Typed(fix.field, fix.value))
    named = content(books, done.claim_id).authorization
    assert named is not None
    assert named.number == "A-4471"
    assert [one.why for one in view(books, done.claim_id).differs][-1] == (
        "covers 01/01/2026 to 12/31/2026"
    )


def test_a_denied_telehealth_line_without_a_modifier_is_offered_95(books: Office) -> None:
    claim_id = claim_of(books)
    types(books, claim_id, Typed("place_of_service", "10"), Typed("line_modifiers", "", line=1))

    def at(status: ClaimStatus, carc: str) -> ClaimView:
        def move(work: Work) -> None:
            claim = work.db.get_one(Claim, claim_id)
            claim.reason_code, claim.status = carc, status

        books.write(move)
        return view(books, claim_id)

    (asked,) = at(ClaimStatus.DENIED, "197").fixes
    assert asked.value == NEW_AUTHORIZATION
    (fix,) = at(ClaimStatus.DENIED, "4").fixes
    assert (fix.words, fix.value, fix.line) == ("Use 95", "95", 1)
