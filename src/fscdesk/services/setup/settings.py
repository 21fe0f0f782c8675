"""Every setting of the practice, declared once, with its consequence; the screen is built from it.

A setting that was never changed has no row in the database and follows its default. Values
are kept as JSON; amounts as ``10.00``.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from fscdesk.models.setting import Setting
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.audit import record
from fscdesk.services.billing import policies
from fscdesk.services.editing import changed_elsewhere, is_storable
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.sessions import pre_bill
from fscdesk.services.setup.books_settings import BOOKS_SETTINGS
from fscdesk.services.setup.claim_settings import CLAIM_SETTINGS
from fscdesk.services.setup.declaring import SettingDef
from fscdesk.services.setup.dunning_settings import DUNNING_SETTINGS
from fscdesk.services.setup.invoice_settings import INVOICE_SETTINGS
from fscdesk.services.setup.payment_settings import PAYMENT_SETTINGS
from fscdesk.services.setup.plan_settings import PLAN_SETTINGS
from fscdesk.services.setup.report_settings import REPORT_SETTINGS
from fscdesk.services.setup.write_off_settings import WRITE_OFF_SETTINGS
from fscdesk.services.work import Topic, Work

__all__ = [
    "CATALOGUE",
    "LATE_CANCEL",
    "NO_SHOW",
    "PATIENT_WORD",
    "SettingDef",
    "SettingRow",
    "change_setting",
    "setting",
    "settings",
]

PATIENT_WORD = "patient_word"
LATE_CANCEL, NO_SHOW = "late_cancel_fees", "no_show_fees"
_NOTHING = "Nothing was saved."


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting as it stands; ``changed_by`` is empty where the default holds."""

    what: SettingDef
    value: Any
    changed_by: str
    changed_at: datetime | None

    @property
    def is_default(self) -> bool:
        """Return whether nobody has changed it."""
        return self.changed_at is None


_FEE_CHOICES = (("service", "What the service asks"), ("nothing", "Nothing"))
_DECLARED = (
    SettingDef(
        PATIENT_WORD,
        "Words",
        "What you call the people you serve",
        "Screens, reports and statements use this word from the next look on.",
        "choice",
        "Client",
        choices=(("Client", "Client"), ("Patient", "Patient"), ("Member", "Member")),
    ),
    SettingDef(
        LATE_CANCEL,
        "Sessions",
        "Late cancellation",
        "What a client is charged for cancelling late. Charges that were made stay.",
        "choice",
        "service",
        choices=_FEE_CHOICES,
    ),
    SettingDef(
        NO_SHOW,
        "Sessions",
        "No-show",
        "What a client is charged for not coming. Charges that were made stay.",
        "choice",
        "service",
        choices=_FEE_CHOICES,
    ),
    SettingDef(
        pre_bill.SETTING,
        "Sessions",
        "Checks before billing",
        "A session becomes ready to bill when these pass, and those that can never be left out.",
        "several",
        tuple(sorted(pre_bill.OPTIONAL)),
        choices=tuple((key, pre_bill.CHECKS[key]) for key in sorted(pre_bill.OPTIONAL)),
    ),
    SettingDef(
        policies.MINIMUM,
        "Statements",
        "Smallest balance",
        "Accounts that owe less get no statement; the proof list names them.",
        "money",
        policies.DEFAULT_MINIMUM,
        lowest=0,
        highest=1_000_00,
    ),
    SettingDef(
        policies.NET_DAYS,
        "Statements",
        "Due after",
        "The due day that the next statements name.",
        "whole",
        policies.DEFAULT_NET_DAYS,
        lowest=0,
        highest=120,
        unit="days",
    ),
    SettingDef(
        policies.REPEAT_DAYS,
        "Statements",
        "Remind again after",
        "An account on which nothing happened gets no second statement before.",
        "whole",
        policies.DEFAULT_REPEAT_DAYS,
        lowest=1,
        highest=365,
        unit="days",
    ),
    SettingDef(
        policies.MESSAGE,
        "Statements",
        "Message",
        "Stands below the ages; empty for the one with the phone number.",
        "text",
        "",
        highest=300,
    ),
    SettingDef(
        policies.INSTRUCTIONS,
        "Statements",
        "How to pay",
        "Stands under the amount due; empty for the usual words.",
        "text",
        "",
        highest=300,
    ),
    *PAYMENT_SETTINGS,
    *INVOICE_SETTINGS,
    *DUNNING_SETTINGS,
    *WRITE_OFF_SETTINGS,
    *PLAN_SETTINGS,
    *CLAIM_SETTINGS,
    *BOOKS_SETTINGS,
    *REPORT_SETTINGS,
)
CATALOGUE: Mapping[str, SettingDef] = MappingProxyType({one.key: one for one in _DECLARED})
"""Every setting by its key, in the order of the screen."""


def setting(work: Work, key: str) -> Any:
    """Return what a setting is now: str, int, bool, Money, or a tuple of words."""
    what = _declared(key)
    kept = work.db.get(Setting, key)
    return what.default if kept is None else _read(what, kept.value)


def settings(work: Work) -> tuple[SettingRow, ...]:
    """Return every setting with who changed it since when, in the order of the catalogue."""
    kept = {
        row.key: (row.value, name, row.changed_at)
        for row, name in work.db.execute(
            select(Setting, Staff.name).join(Staff, Staff.id == Setting.changed_by)
        )
    }
    return tuple(
        SettingRow(what, _read(what, kept[key][0]), kept[key][1], kept[key][2])
        if key in kept
        else SettingRow(what, what.default, "", None)
        for key, what in CATALOGUE.items()
    )


def change_setting(work: Work, key: str, value: Any, *, seen: Any) -> None:
    """Set a setting, where ``seen`` is what the person saw; its default removes the row.

    Raises Problem for a value that it cannot have and for a key that is not declared,
    ChangedElsewhere when somebody else has set it meanwhile.
    """
    require(work, Right.CHANGE_SETUP, "change the settings")
    what = _declared(key)
    new = _checked(what, value)
    kept = work.db.get(Setting, key, with_for_update=True, populate_existing=True)
    now = what.default if kept is None else _read(what, kept.value)
    if now != seen:
        raise changed_elsewhere(what.title)
    if new == now:
        return
    if new == what.default and kept is not None:
        work.db.delete(kept)
    else:
        work.db.merge(
            Setting(
                key=key,
                value=_stored(new),
                changed_by=work.actor.staff_id,
                changed_at=work.now(),
            )
        )
    work.db.flush()
    record(work, "change_setting", "setting", None, key=key, old=_stored(now), new=_stored(new))
    work.touch(Topic.SETTINGS)


def _declared(key: str) -> SettingDef:
    what = CATALOGUE.get(key)
    if what is None:
        near = difflib.get_close_matches(key, CATALOGUE, n=1, cutoff=0.0)
        raise Problem(f"There is no setting {key}.", hint=f"The nearest is {near[0]}.")
    return what


def _checked(what: SettingDef, value: Any) -> Any:
    """Return a value as it is kept, or raise Problem when the setting cannot have it."""
    checks = {
        "yes_no": _checked_pick,
        "choice": _checked_pick,
        "several": _checked_several,
        "text": _checked_text,
        "folder": _checked_text,
        "whole": _checked_number,
        "money": _checked_number,
    }
    return checks[what.kind](what, value)


def _checked_pick(what: SettingDef, value: Any) -> Any:
    allowed = (True, False) if what.kind == "yes_no" else [one for one, _ in what.choices]
    if isinstance(value, type(what.default)) and value in allowed:
        return value
    raise _cannot_be(what, value)


def _checked_several(what: SettingDef, value: Any) -> tuple[str, ...]:
    known = [one for one, _ in what.choices]
    if isinstance(value, str) or not all(one in known for one in value):
        raise _cannot_be(what, value)
    return tuple(one for one in known if one in value)


def _checked_text(what: SettingDef, value: Any) -> str:
    text = str(value).strip()
    if not is_storable(text):
        raise _cannot_be(what, "what holds a mark that is no letter")
    if len(text) > what.highest:
        raise Problem(
            f"{what.title} has {len(text)} letters; {what.highest} fit.",
            hint=f"{_NOTHING} Shorten it.",
        )
    return text


def _checked_number(what: SettingDef, value: Any) -> Any:
    """Whole numbers and amounts lie between their bounds; True is no number."""
    kind: type[Any] = Money if what.kind == "money" else int
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _cannot_be(what, value)
    lowest, highest = kind(what.lowest), kind(what.highest)
    if lowest <= value <= highest:
        return value
    unit = f" {what.unit}" if what.unit else ""
    raise Problem(
        f"{what.title} cannot be {value}.",
        hint=f"{_NOTHING} It is from {lowest} to {highest}{unit}.",
    )


def _cannot_be(what: SettingDef, value: Any) -> Problem:
    return Problem(f"{what.title} cannot be {value}.", hint=_NOTHING)


def _read(what: SettingDef, value: Any) -> Any:
    if what.kind == "money":
        return Money.parse(str(value))
    return tuple(value) if what.kind == "several" else value


def _stored(value: Any) -> Any:
    if isinstance(value, Money):
        return value.plain()
    return list(value) if isinstance(value, tuple) else value
