"""The questions of the list: what tabs and chips mean to the service, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fscdesk.services.paging import Page, Span
from fscdesk.services.sessions.changing import ATTENDANCES, BILLING_STATUSES
from fscdesk.services.sessions.placing import (
    client_names,
    clients_in,
    import_names,
    imports_in,
    location_names,
    locations_in,
)
from fscdesk.services.sessions.queries import Choice as Found
from fscdesk.services.sessions.queries import (
    SessionFilter,
    SessionRow,
    choices,
    page_of_sessions,
    totals_of,
)
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.screens.sessions.columns import note_words
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Filter, View

DAY, VIEW, CLIENT, BATCH, BALANCE = "day", "view", "client", "batch", "balance"
LOCATION, CLAIM = "location", "claim"
STILL_OPEN, OWES = "open", ("payer_owes", "client_owes")
_NOTES = tuple(Choice(key, note_words(key)) for key in ("LOCKED", "DRAFT", "NO NOTE"))
_COLUMNS = ("status", "payer", "clinician", "attendance", "note", "code", LOCATION)

Names = Mapping[str, Mapping[str, str]]
"""What picked values are called, by chip and value."""


def question_of(work: Work, state: FilterState) -> SessionFilter:
    """Return the service's filter for what tabs, chips and the find field say."""
    asked: dict[str, object] = {column: state.values(column) for column in _COLUMNS}
    asked["text"] = state.text.strip()
    asked["day"] = state.ends(DAY, work.today())
    balance, view = _one(state, BALANCE), _one(state, VIEW)
    asked["open"] = bool(balance)
    asked["claim"] = _one(state, CLAIM)
    asked["view"] = view or (balance if balance in OWES else "all")
    for key in (CLIENT, BATCH):
        picked = _one(state, key)
        asked[key] = int(picked) if picked else None
    return SessionFilter.of(asked)


def ask_page(work: Work, state: FilterState, span: Span) -> Page[SessionRow]:
    """Return a span of the sessions that a state asks for."""
    return page_of_sessions(work, question_of(work, state), span)


def ask_every(work: Work) -> int:
    """Return how many sessions there are."""
    return totals_of(work, SessionFilter()).count


def ask_view_counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    """Return how many sessions each tab has."""
    return {key: totals_of(work, question_of(work, state)).count for key, state in states.items()}


def ask_names(work: Work, state: FilterState) -> Names:
    """Return what picked payers, clinicians, clients, imports and locations are called."""
    numbers = {key: [int(one) for one in state.values(key)] for key in (CLIENT, BATCH, LOCATION)}
    named = {
        CLIENT: client_names(work, numbers[CLIENT]),
        BATCH: import_names(work, numbers[BATCH]),
        LOCATION: location_names(work, numbers[LOCATION]),
    }
    words = {key: {str(one): name for one, name in names.items()} for key, names in named.items()}
    for key in ("payer", "clinician"):
        if state.values(key):
            words[key] = {one.value: one.word for one in choices(work, key)}
    return words


def needs_names(state: FilterState) -> bool:
    """Return whether a state has picks that only the books can name."""
    return any(state.values(key) for key in (CLIENT, BATCH, LOCATION, "payer", "clinician"))


def session_views(patient: str = "Client") -> tuple[View, ...]:
    """Return the tabs, each a question of its own."""

    def view(key: str, name: str, good_news: str = "") -> View:
        return View(key, name, FilterState().with_values(VIEW, (key,)), good_news=good_news)

    return (
        View("all", "All", counted=False),
        view("unbilled", "Unbilled", "Every session that a payer covers is billed."),
        view("no_signed_note", "No signed note", "Every note is signed."),
        view("denied", "Denied", "Nothing is denied."),
        view("waiting_on_payer", "Waiting on payer", "No payer owes for what was sent."),
        view("client_owes", f"{patient} owes", f"No {patient.lower()} owes anything."),
    )


def session_filters(patient: str = "Client") -> tuple[Filter, ...]:
    """Return the chips; the last ones stand behind "+ Filter" until they are set."""
    billing = ("billing", _status_word)
    attendance = ("attendance", _attendance_word)
    return (
        DayFilter(DAY, "Date"),
        ChoiceFilter(
            "status", "Status", _fixed(BILLING_STATUSES, *billing), _ask("status", *billing)
        ),
        ChoiceFilter("payer", "Payer", ask=_ask("payer")),
        ChoiceFilter("clinician", "Clinician", ask=_ask("clinician")),
        ChoiceFilter(
            "attendance",
            "Attendance",
            _fixed(ATTENDANCES, *attendance),
            _ask("attendance", *attendance),
            always=False,
        ),
        ChoiceFilter("note", "Note", _NOTES, _ask("note", "", note_words), always=False),
        ChoiceFilter("code", "Code", ask=_ask("code"), always=False),
        ChoiceFilter(
            LOCATION,
            "Location",
            ask=lambda work, state: _offered(locations_in(work, question_of(work, state))),
            always=False,
        ),
        ChoiceFilter(
            CLAIM,
            "Claim",
            (Choice("some", "On a claim"), Choice("none", "On no claim")),
            always=False,
            single=True,
        ),
        ChoiceFilter(BALANCE, "Balance", _balances(patient), always=False, single=True),
        ChoiceFilter(
            CLIENT,
            patient,
            ask=lambda work, state: _offered(clients_in(work, question_of(work, state))),
            always=False,
            single=True,
        ),
        ChoiceFilter(
            BATCH,
            "Import",
            ask=lambda work, state: _offered(imports_in(work, question_of(work, state))),
            always=False,
            single=True,
        ),
    )


def _balances(patient: str) -> tuple[Choice, ...]:
    """Return what a balance can be asked for, beside or without a tab."""
    return (
        Choice(STILL_OPEN, "Open"),
        Choice("payer_owes", "Payer owes"),
        Choice("client_owes", f"{patient} owes"),
    )


def _ask(
    column: str, kind: str = "", word: Callable[[str], str] | None = None
) -> Callable[[Work, FilterState], Sequence[Choice]]:
    def ask(work: Work, state: FilterState) -> Sequence[Choice]:
        return _offered(choices(work, column, question_of(work, state)), kind, word)

    return ask


def _offered(
    found: Sequence[Found], kind: str = "", word: Callable[[str], str] | None = None
) -> list[Choice]:
    return [
        Choice(
            one.value,
            word(one.value) if word else one.word,
            one.count,
            (kind, one.value) if kind else None,
        )
        for one in found
    ]


def _fixed(keys: Sequence[str], kind: str, word: Callable[[str], str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, word(key), status=(kind, key)) for key in keys)


def _status_word(key: str) -> str:
    return theme.now.billing_status(key).word


def _attendance_word(key: str) -> str:
    return theme.now.attendance(key).word


def _one(state: FilterState, key: str) -> str:
    return next(iter(state.values(key)), "")
