"""What Setup refuses, and what its changes do beyond the row that they write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from fscdesk.models.session import Session
from fscdesk.models.values import Money
from fscdesk.services.charges.catalogue import read_catalogue
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.setup import fees, payers, people, practice, providers, services, settings
from fscdesk.services.work import Work
from tests.support.people import add_patient, add_payer, add_provider, add_service, add_session

NEW_YEAR = date(2026, 1, 1)


def refused(books: Office, act: Callable[[Work], Any]) -> Problem:
    with pytest.raises(Problem) as told:
        books.write(act)
    assert told.value.message.endswith(".")
    return told.value


# The practice


def test_the_practice_keeps_its_numbers_in_one_form(books: Office) -> None:
    def edit(work: Work) -> None:
        now = practice.practice(work)
        typed = replace(
            now.fields,
            name="  Fictional   Springs ",
            npi="1234567893",
            tax_id="123456789",
            state="nj",
            zip_code="070051234",
            hours="Mon to Fri, 9 to 4",
        )
        practice.edit_practice(work, typed, expected_version=now.version)

    books.write(edit)
    row = books.read(practice.practice)

    assert (row.fields.name, row.fields.tax_id, row.fields.state, row.fields.zip_code) == (
        "Fictional Springs",
        "12-3456789",
        "NJ",
        "07005-1234",
    )
    assert row.version == 2


def test_another_zone_keeps_the_clock_of_sessions_and_moves_their_moment(books: Office) -> None:
    def fill(work: Work) -> None:
        testa, quill = add_provider(work, "Testa"), add_patient(work, "Quill Fakerson")
        add_session(work, quill, testa, day=date(2026, 3, 20), minute=9 * 60)

    def move(work: Work) -> None:
        now = practice.practice(work)
        there = replace(now.fields, zone="America/Los_Angeles")
        practice.edit_practice(work, there, expected_version=now.version)

    books.write(fill)
    books.write(move)
    session = books.read(lambda work: work.db.get_one(Session, 1))

    assert (session.day, session.minute) == (date(2026, 3, 20), 540)
    assert session.starts_at == datetime(2026, 3, 20, 16, tzinfo=UTC)


def test_a_zone_that_is_none_is_refused(books: Office) -> None:
    def edit(work: Work, zone: str) -> None:
        now = practice.practice(work)
        practice.edit_practice(work, replace(now.fields, zone=zone), expected_version=now.version)

    for zone in ("Nowhere/Springs", "", "../etc/passwd", "America"):
        assert "is not a time zone" in refused(books, partial(edit, zone=zone)).message


def test_locations_have_names_and_places_of_service(books: Office) -> None:
    books.write(lambda work: practice.add_location(work, practice.LocationFields("Office")))
    twice = refused(
        books, lambda work: practice.add_location(work, practice.LocationFields(" Office "))
    )
    odd = refused(
        books, lambda work: practice.add_location(work, practice.LocationFields("Home", "1"))
    )

    assert twice.message == "There is a location Office already."
    assert "place of service" in odd.message


# People


def test_the_last_administrator_stays(books: Office) -> None:
    def me(work: Work) -> people.StaffRow:
        return people.people(work)[0]

    for change in (
        lambda work: people.edit_person(work, me(work), name="Me", active=False, wanted=["admin"]),
        lambda work: people.edit_person(work, me(work), name="Me", active=True, wanted=["cfo"]),
        lambda work: people.set_rights(
            work, next(one for one in people.roles(work) if one.role == "admin"), ["see_reports"]
        ),
    ):
        assert "administrator" in refused(books, change).hint

    books.write(lambda work: people.add_person(work, login="dana", name="Dana", wanted=["admin"]))
    books.write(
        lambda work: people.edit_person(
            work,
            next(one for one in people.people(work) if one.login != "dana"),
            name="Me",
            active=False,
            wanted=["admin"],
        )
    )
    assert [one.active for one in books.read(people.people)] == [True, False]


def test_a_login_belongs_to_one_person_and_roles_are_known(books: Office) -> None:
    books.write(lambda work: people.add_person(work, login="dana", name="Dana", wanted=[]))
    twice = refused(books, lambda work: people.add_person(work, login="dana", name="D", wanted=[]))
    odd = refused(
        books, lambda work: people.add_person(work, login="milo", name="M", wanted=["king"])
    )

    assert twice.message == "Somebody has the login dana already."
    assert odd.message == "king is not a role."


# Clinicians and payers


def test_a_spelling_means_one_clinician(books: Office) -> None:
    for name in ("Testa Fernsample", "Mockley O'Sample"):
        books.write(partial(providers.add_provider, fields=providers.ProviderFields(name)))
    told = refused(books, lambda work: providers.add_provider_alias(work, 1, "mockley o’sample"))
    myself = refused(
        books,
        lambda work: providers.edit_provider(
            work, 1, providers.ProviderFields("Testa", supervisor_id=1), expected_version=1
        ),
    )

    assert "means Mockley O'Sample already" in told.message
    assert myself.message == "Nobody supervises himself."
    assert [one.aliases[0].shown for one in books.read(providers.providers)] == [
        "Testa Fernsample",
        "Mockley O'Sample",
    ]


def test_payers_are_known_as_the_import_writes_them(books: Office) -> None:
    fields = payers.PayerFields("Make-Believe Health", "Make-Believe", "99902")
    books.write(lambda work: payers.add_payer(work, fields))
    books.write(
        lambda work: payers.add_payer_alias(work, 1, "Make-Believe  (MB Fund) Plus (99903)")
    )
    same = refused(
        books, lambda work: payers.add_payer_alias(work, 1, "MAKE-BELIEVE HEALTH (99902)")
    )
    short = refused(
        books, lambda work: payers.add_payer(work, replace(fields, short_name="make-believe"))
    )
    long = refused(books, lambda work: payers.add_payer(work, replace(fields, short_name="M" * 17)))

    assert [one.shown for one in books.read(payers.payers)[0].aliases] == [
        "Make-Believe Health (99902)",
        "Make-Believe (MB Fund) Plus (99903)",
    ]
    assert payers.payer_key("Make-Believe (MB Fund) Plus", "99903") == (
        "make-believe (mb fund) plus|99903"
    )
    assert "means Make-Believe Health already" in same.message
    assert "has the short name" in short.message
    assert "16 fit" in long.message
    assert (
        "not a filing limit"
        in refused(
            books,
            lambda work: payers.add_payer(work, replace(fields, short_name="B", filing_days=0)),
        ).message
    )


# Services


def test_a_code_under_which_charges_stand_keeps_its_code(books: Office) -> None:
    def fill(work: Work) -> None:
        testa, quill = add_provider(work, "Testa"), add_patient(work, "Quill Fakerson")
        add_session(work, quill, testa, share=5000)

    books.write(fill)
    (row,) = books.read(services.services)
    told = refused(
        books,
        lambda work: services.edit_service(
            work, row.id, replace(row.fields, code="90834"), expected_version=row.version
        ),
    )

    assert row.charges == 1
    assert told.message == "Charges stand under 90837, so it keeps its code."


def test_a_service_that_cannot_be_is_refused(books: Office) -> None:
    books.write(lambda work: add_service(work, "012"))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"code": "012"}, "There is a service 012 already."),
        ({"code": "90832 90785"}, "holds a blank"),
        ({"code": ""}, "The code is missing."),
        ({"kind": "party"}, "is not a kind"),
        ({"minutes": 0}, "is not a length"),
        ({"no_show_fee": Money(-1)}, "below 0.00"),
        ({"revenue_account": "1100"}, "not an account for revenue"),
    ]
    for change, words in wrong:
        fields = replace(services.ServiceFields("90837", "Individual"), **change)

        assert words in refused(books, partial(services.add_service, fields=fields)).message


# Fees


@pytest.fixture
def priced(books: Office) -> Office:
    def fill(work: Work) -> None:
        ficta = add_payer(work, "Fictional Assurance", "FICTA")
        add_service(work, "90837", 15000)
        add_service(work, "012", 0)
        general = fees.add_schedule(
            work, fees.ScheduleFields("Standard", None, NEW_YEAR, date(2026, 6, 30))
        )
        newer = fees.add_schedule(work, fees.ScheduleFields("Summer", None, date(2026, 7, 1)))
        theirs = fees.add_schedule(work, fees.ScheduleFields("Contract", ficta, date(2026, 3, 1)))
        for schedule, cents, modifier in (
            (general, 16000, ""),
            (general, 16500, "95"),
            (newer, 17000, ""),
            (theirs, 12000, ""),
        ):
            fees.set_fee(
                work,
                schedule,
                fees.FeeFields("90837", Money(cents), Money(cents - 1000), modifier),
            )

    books.write(fill)
    return books


PRICES: list[tuple[int | None, str, tuple[str, ...], date, int, str]] = [
    (None, "90837", (), date(2026, 3, 20), 16000, "Standard from 01/01/2026"),
    (None, "90837", ("95",), date(2026, 3, 20), 16500, "Standard from 01/01/2026"),
    (None, "90837", ("GT",), date(2026, 3, 20), 16000, "Standard from 01/01/2026"),
    (None, "90837", (), date(2026, 7, 1), 17000, "Summer from 07/01/2026"),
    (1, "90837", (), date(2026, 3, 20), 12000, "Contract (FICTA) from 03/01/2026"),
    (1, "90837", (), date(2026, 2, 28), 16000, "Standard from 01/01/2026"),
    (1, "90837", ("95",), date(2026, 3, 20), 16500, "Standard from 01/01/2026"),
    (None, "90837", (), date(2025, 12, 31), 15000, "Base rate of 90837"),
]


def test_a_price_says_what_it_is_and_where_it_is_from(priced: Office) -> None:
    for payer, code, modifiers, day, cents, source in PRICES:
        found = priced.read(
            partial(fees.price, payer_id=payer, code=code, modifiers=modifiers, day=day)
        )
        modifier = modifiers[0] if modifiers else ""
        catalogue = priced.read(read_catalogue)

        assert found is not None
        assert (found.charged, found.source) == (Money(cents), source)
        assert catalogue.rate(code, payer, modifier, day) == cents, "charges have another price"


def test_nobody_has_priced_it(priced: Office) -> None:
    assert priced.read(lambda work: fees.price(work, None, "012", (), NEW_YEAR)) is None
    assert priced.read(lambda work: fees.price(work, None, "99999", (), NEW_YEAR)) is None


def test_two_schedules_of_one_payer_never_hold_on_one_day(priced: Office) -> None:
    told = refused(
        priced,
        lambda work: fees.add_schedule(work, fees.ScheduleFields("Autumn", None, date(2026, 9, 1))),
    )
    priced.write(
        lambda work: fees.add_schedule(
            work, fees.ScheduleFields("Autumn", None, date(2026, 9, 1)), end_previous=True
        )
    )
    ends = {row.fields.name: row.fields.valid_to for row in priced.read(fees.schedules)}

    assert told.message == "Summer holds from 07/01/2026 on, without an end."
    assert ends["Summer"] == date(2026, 8, 31)
    assert ends["Standard"] == date(2026, 6, 30)
    assert (
        "before it begins"
        in refused(
            priced,
            lambda work: fees.add_schedule(
                work, fees.ScheduleFields("Odd", 1, NEW_YEAR, date(2025, 1, 1))
            ),
        ).message
    )


def test_a_schedule_has_one_price_for_a_code(priced: Office) -> None:
    told = refused(
        priced, lambda work: fees.set_fee(work, 1, fees.FeeFields("90837", Money(1), None, "95"))
    )

    assert told.message == "This schedule has a price for 90837 95 already: 165.00."
    assert (
        "below 0.00"
        in refused(
            priced, lambda work: fees.set_fee(work, 1, fees.FeeFields("1", Money(-1)))
        ).message
    )


# Settings


def test_a_setting_follows_its_default_until_somebody_changes_it(books: Office) -> None:
    def put(value: Any, seen: Any) -> None:
        books.write(
            lambda work: settings.change_setting(work, "statement_minimum", value, seen=seen)
        )

    def row() -> settings.SettingRow:
        (found,) = [
            one for one in books.read(settings.settings) if one.what.key == "statement_minimum"
        ]
        return found

    assert (row().value, row().is_default) == (Money(1000), True)
    put(Money(2500), Money(1000))
    assert (row().value, row().changed_by, row().is_default) == (
        Money(2500),
        books.actor.name,
        False,
    )
    put(Money(1000), Money(2500))
    assert (row().value, row().is_default) == (Money(1000), True)


CANNOT_BE: list[tuple[str, Any]] = [
    ("statement_minimum", Money(-1)),
    ("statement_minimum", 10),
    ("net_days", 121),
    ("net_days", True),
    ("net_days", "30"),
    ("patient_word", "Customer"),
    ("prebill_checks", ["npi", "weather"]),
    ("prebill_checks", "npi"),
    ("statement_message", "x" * 301),
]


def test_a_value_that_a_setting_cannot_have_is_refused(books: Office) -> None:
    for key, value in CANNOT_BE:
        seen = books.read(partial(settings.setting, key=key))
        told = refused(books, partial(settings.change_setting, key=key, value=value, seen=seen))

        assert told.hint.startswith("Nothing was saved."), key
        assert books.read(partial(settings.setting, key=key)) == seen


def test_a_setting_that_is_not_declared_names_the_nearest(books: Office) -> None:
    told = refused(
        books, lambda work: settings.change_setting(work, "patient_wrd", "Client", seen="")
    )

    assert told.hint == "The nearest is patient_word."


def test_every_default_is_a_value_that_its_setting_can_have() -> None:
    for what in settings.CATALOGUE.values():
        assert settings._checked(what, what.default) == what.default
        assert settings._read(what, settings._stored(what.default)) == what.default


def test_every_right_has_words_and_saving_a_role_takes_none_away_unseen(books: Office) -> None:
    assert list(people.RIGHT_WORDS) == list(Right)
    before = books.read(people.roles)
    for role in before:
        books.write(partial(people.set_rights, seen=role, rights=list(role.rights)))
    assert books.read(people.roles) == before
