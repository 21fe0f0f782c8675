"""Today's claims: built once, mended where the fault comes from, and told card by card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimChange, ClaimStatus
from fscdesk.models.claim_rule import ClaimRule
from fscdesk.models.coverage import Policy
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.services.claims.assembling import content_of
from fscdesk.services.claims.content import Address
from fscdesk.services.claims.editing import hold_claim
from fscdesk.services.claims.mend_cards import (
    CardClaim,
    Editor,
    MendCard,
    Mended,
    accept_card,
    cards_to_mend,
    take_card,
)
from fscdesk.services.claims.today import Today, build_today, todays_plan, undo_today
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.claims import add_authorization, ready
from tests.support.claims_day import DAY, RIGHT, SHORT, Day, seed_day, without_sex
from tests.support.fail_at import assert_all_or_nothing
from tests.support.second_person import without


def a_day(books: Office, count: int = 9, *, faults: bool = True) -> Day:
    """A few sessions that are ready, with the two faults of job 5."""
    return books.write(lambda work: seed_day(work, None, count=count, faults=faults)).value


def built(books: Office, count: int = 9) -> Day:
    """The same, built."""
    day = a_day(books, count)
    books.write(build_today)
    return day


def plan(books: Office) -> Today:
    return books.read(todays_plan)


def card(books: Office, field: str) -> MendCard:
    """The card of a field."""
    return next(one for one in books.read(cards_to_mend) if one.field == field)


def take(books: Office, one: MendCard, value: object) -> Mended:
    return books.write(lambda work: take_card(work, one, value)).value


def rules(work: Work) -> list[ClaimRule]:
    """The rules that say who renders."""
    return list(work.db.scalars(select(ClaimRule).where(ClaimRule.field == "rendering")))


def test_nothing_is_built_twice_and_the_sum_holds(books: Office) -> None:
    day = a_day(books)
    before = plan(books)
    assert (len(before.unbuilt), before.in_claims, before.sessions) == (9, 9, 9)
    done = books.write(build_today).value
    assert (done.claims, done.sessions, done.total.cents) == (9, 9, 9 * 160_00)
    again = books.write(build_today).value
    assert (again.made, again.checked) == ((), 9)
    today = plan(books)
    assert (len(today.batch.going), len(today.to_mend), today.behind) == (7, 2, ())
    assert (today.unbuilt, today.in_claims, today.sessions) == ((), 9, 9)
    books.write(lambda work: ready(work, day.desk, patient=day.desk.ben, day=DAY))
    today = plan(books)
    assert (len(today.unbuilt), today.in_claims, today.sessions) == (1, 10, 10)
    one = [today.batch.going[0].claim_id]
    alone = books.read(lambda work: todays_plan(work, one))
    assert ([row.claim_id for row in alone.batch.going], alone.in_claims) == (one, 1)
    assert set(today.days.values()) == {DAY}


def test_a_session_without_a_policy_is_left_out_and_counted(books: Office) -> None:
    day = a_day(books, 2, faults=False)

    def more(work: Work) -> None:
        policy = work.db.get_one(Policy, day.desk.bens_policy)
        policy.valid_to = date(2025, 12, 31)
        ready(work, day.desk, patient=day.desk.ben, day=DAY)

    books.write(more)
    done = books.write(build_today).value
    assert (done.claims, done.left_out) == (2, 1)
    today = plan(books)
    assert (today.in_claims, len(today.left_out), today.sessions) == (2, 1, 3)
    assert today.left_out[0].patient == "Ben Somebody"


def test_undo_drops_what_was_built(books: Office) -> None:
    a_day(books)
    done = books.write(build_today).value
    assert books.write(lambda work: undo_today(work, done)).value == 9
    assert len(plan(books).unbuilt) == 9


def test_the_cards_name_the_fault_its_field_and_its_source(books: Office) -> None:
    built(books)
    first, second = books.read(cards_to_mend)
    assert (first.field, first.editor, first.value) == ("member_id", Editor.TEXT, SHORT)
    assert (first.where, first.stops) == ("the client's policy", True)
    assert (second.field, second.editor) == ("rendering_npi", Editor.NPI)
    assert (second.clinician, second.where) == ("Nova Freshsample", "the clinician's record")


def test_a_typed_member_id_goes_to_the_policy_and_all_its_claims(books: Office) -> None:
    day = built(books)

    def more(work: Work) -> None:
        ready(work, day.desk, patient=day.short, day=date(2026, 4, 9), provider=day.desk.testa)
        build_today(work)

    books.write(more)
    one = card(books, "member_id")
    assert len(one.claims) == 2
    done = take(books, one, RIGHT)
    assert set(done.claims) == {claim.id for claim in one.claims}
    policies = select(Policy.member_id).where(Policy.patient_id == day.short)
    assert books.read(lambda work: work.db.scalars(policies).all()) == [RIGHT]
    assert [row.field for row in books.read(cards_to_mend)] == ["rendering_npi"]
    with pytest.raises(ChangedElsewhere):
        take(books, one, SHORT)


def test_a_clinician_without_an_npi_goes_under_the_supervisor_from_now_on(books: Office) -> None:
    day = built(books)
    one = card(books, "rendering_npi")
    done = take(books, one, day.milo)
    assert set(done.claims) == {claim.id for claim in one.claims}

    def look(work: Work) -> tuple[int, int | None, int | None]:
        claim = work.db.get_one(Claim, one.claims[0].id)
        nova = work.db.get_one(Provider, day.newcomer)
        return claim.rendering_id, claim.supervising_id, nova.supervisor_id

    assert books.read(look) == (day.milo, None, day.milo)
    (rule,) = books.read(rules)
    assert (rule.field, rule.value, rule.payer_id) == (
        "rendering",
        "own_supervisor",
        day.desk.payer,
    )
    assert rule.name == "Nova Freshsample goes under the supervisor at Imaginary Blue"
    told = select(ClaimChange).where(ClaimChange.field == "rendering")
    change = books.read(lambda work: work.db.scalars(told).one())
    assert (change.old, change.new, change.source) == (
        "Nova Freshsample",
        "Milo Larchmock",
        rule.name,
    )

    def next_time(work: Work) -> int:
        ready(work, day.desk, provider=day.newcomer, patient=day.desk.ben, day=date(2026, 4, 11))
        work.db.get_one(Policy, day.desk.bens_policy).member_id = "QX777777"
        made = build_today(work).made[0].claim_ids
        return work.db.get_one(Claim, made[0]).rendering_id

    assert books.write(next_time).value == day.milo
    assert len(books.read(rules)) == 1


def test_an_npi_that_is_typed_is_the_clinicians_own(books: Office) -> None:
    day = built(books)
    take(books, card(books, "rendering_npi"), "1366554206")
    npi = books.read(lambda work: work.db.get_one(Provider, day.newcomer).npi)
    assert npi == "1366554206"
    assert books.read(rules) == []


def test_a_supervisor_without_an_npi_does_not_help(books: Office) -> None:
    day = built(books)
    books.write(lambda work: setattr(work.db.get_one(Provider, day.milo), "npi", ""))
    one = card(books, "rendering_npi")
    with pytest.raises(Problem, match="has no NPI either"):
        take(books, one, day.milo)
    assert books.read(lambda work: work.db.get_one(Provider, day.newcomer).supervisor_id) is None


def test_what_the_clinician_has_already_is_proposed(books: Office) -> None:
    day = a_day(books)
    books.write(
        lambda work: setattr(work.db.get_one(Provider, day.newcomer), "supervisor_id", day.milo)
    )
    books.write(build_today)
    one = card(books, "rendering_npi")
    assert (one.suggested, one.suggested_words) == (str(day.milo), "Milo Larchmock")


def test_choices_days_and_addresses_are_saved_in_the_clients_record(books: Office) -> None:
    day = a_day(books, 1, faults=False)

    def spoil(work: Work) -> int:
        patient = work.db.scalars(select(Patient).where(Patient.number == "D-000")).one()
        without_sex(work, patient.id)
        patient.birth_date = None
        patient.city = ""
        build_today(work)
        return patient.id

    who = books.write(spoil).value
    faults = {one.field: one.editor for one in books.read(cards_to_mend)}
    assert faults == {
        "sex": Editor.CHOICE,
        "birth_date": Editor.DAY,
        "patient_address": Editor.ADDRESS,
    }
    assert [key for key, _words in card(books, "sex").choices] == ["F", "M", "U"]
    take(books, card(books, "sex"), "F")
    take(books, card(books, "birth_date"), date(1980, 5, 1))
    there = Address("102 Nowhere Lane", "", "Sampleville", "NJ", "07002")
    take(books, card(books, "patient_address"), there)
    assert books.read(cards_to_mend) == ()
    patient = books.read(lambda work: work.db.get_one(Patient, who))
    assert (patient.sex, patient.birth_date, patient.city) == ("F", date(1980, 5, 1), "Sampleville")
    assert day.sessions


def test_a_release_that_is_not_signed_stops_and_is_ticked_on_the_policy(books: Office) -> None:
    a_day(books, 1, faults=False)

    def spoil(work: Work) -> int:
        policy = work.db.scalars(select(Policy)).first()
        assert policy is not None
        for one in work.db.scalars(select(Policy)):
            one.release_signed = False
        work.db.get_one(Payer, policy.payer_id).accepts_assignment = False
        build_today(work)
        return work.db.scalars(select(Claim.id)).one()

    claim_id = books.write(spoil).value
    one = card(books, "release")
    assert (one.rule, one.stops, one.editor, one.value) == ("signatures", True, Editor.CHOICE, "no")
    assert [key for key, _words in one.choices] == ["yes", "no"]
    assert "Box 12" in one.message
    take(books, one, "yes")
    assert books.read(cards_to_mend) == ()
    content = books.read(lambda work: content_of(work, claim_id))
    assert (content.release, content.benefits_assigned, content.assignment) == ("Y", "Y", "C")
    assert books.read(lambda work: work.db.get_one(Claim, claim_id)).status is ClaimStatus.SCRUBBED


def test_an_authorization_that_holds_is_offered_and_the_first_to_end_proposed(
    books: Office,
) -> None:
    day = a_day(books, 1, faults=False)

    def wants(work: Work) -> int:
        payer = work.db.get_one(Payer, day.desk.payer)
        patient = work.db.scalars(select(Patient.id).where(Patient.number == "D-000")).one()
        build_today(work)
        payer.needs_authorization = True
        work.db.flush()
        later = add_authorization(work, patient, payer.id, 5, number="A-2")
        add_authorization(work, patient, payer.id, 3, number="A-1", until=date(2026, 6, 30))
        build_today(work)
        return later

    later = books.write(wants).value
    one = card(books, "authorization")
    assert (one.editor, one.where) == (Editor.CHOICE, "this claim")
    assert [words for _key, words in one.choices] == ["A-1, 3 left", "A-2, 5 left"]
    assert one.suggested_words == "A-1, 3 left"
    take(books, one, str(later))
    claim = books.read(lambda work: work.db.scalars(select(Claim)).one())
    assert (claim.authorization_id, claim.status) == (later, ClaimStatus.SCRUBBED)


def test_a_held_claim_has_no_card_and_stays_behind(books: Office) -> None:
    built(books)
    claim = card(books, "member_id").claims[0]
    books.write(lambda work: hold_claim(work, claim.id, "Asked", expected_version=claim.version))
    assert [one.field for one in books.read(cards_to_mend)] == ["rendering_npi"]
    (held,) = plan(books).behind
    assert (held.claim_id, held.reason) == (claim.id, "It is held: Asked")


def test_a_warning_comes_last_and_is_accepted_on_all_its_claims(books: Office) -> None:
    day = built(books)

    def wants(work: Work) -> None:
        work.db.get_one(Payer, day.desk.payer).wants_referral = True
        work.db.flush()
        build_today(work)

    books.write(wants)
    cards = books.read(cards_to_mend)
    assert [one.stops for one in cards[:2]] == [True, True]
    warning = cards[2]
    assert (warning.field, warning.stops, warning.editor) == ("referral", False, Editor.NONE)
    with pytest.raises(Problem, match="not mended here"):
        take(books, warning, "x")
    many = len(cards)
    assert books.write(lambda work: accept_card(work, warning)).value == len(warning.claims)
    assert len(books.read(cards_to_mend)) == many - 1
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: accept_card(work, warning))


def test_who_may_not_change_a_record_is_sent_to_it_instead(books: Office) -> None:
    built(books)
    other = without(books, Right.CHANGE_SETUP)
    fields = {one.field: one.editor for one in other.read(cards_to_mend)}
    assert fields == {"member_id": Editor.TEXT, "rendering_npi": Editor.NONE}
    nobody = without(books, Right.SEND_CLAIMS)
    assert not nobody.read(todays_plan).may_send


def test_taking_a_card_is_all_or_nothing(books: Office) -> None:
    day = built(books)
    one = card(books, "rendering_npi")
    assert_all_or_nothing(books, lambda work: take_card(work, one, day.milo))


def test_a_card_of_a_claim_that_moved_on_is_refused(books: Office) -> None:
    built(books)
    one = card(books, "member_id")
    ghost = replace(one, claims=(CardClaim(one.claims[0].id, "?", 99),), source=None, field="note")
    with pytest.raises(ChangedElsewhere):
        take(books, ghost, "Seen")
