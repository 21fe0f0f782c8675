"""Plans one row of the client details report: what is taken over, what is asked, what is new."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fscdesk.models.import_batch import Verdict
from fscdesk.models.patient import PatientKind
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.differences import in_words
from fscdesk.services.importing.plan import FieldChange
from fscdesk.services.importing.questions import WAITING, Option, Question, QuestionKind
from fscdesk.services.importing.readers.client_details import ClientRow
from fscdesk.services.importing.reports.client_books import (
    NOUN,
    ClientBooks,
    ClientNow,
    PolicyNow,
)
from fscdesk.services.importing.reports.client_fields import (
    KEEP,
    TAKE,
    TITLES,
    Field,
    ask,
    default_kind,
    said_of,
    same,
    settled,
    words_of,
)
from fscdesk.services.importing.reports_engine import Decision, Planning
from fscdesk.services.patients.names import alias_key, fold

CONTACT, CLIENT = "contact", "client"
ON_PATIENT = ("kind", "active", "provider_id", "withdrawn")
ON_GUARANTOR = ("address", "phone", "email", "payer_name")


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """A primary policy to be made; the payer may be one that is made as well."""

    payer_id: int
    member_id: str
    valid_from: date


@dataclass(slots=True)
class ClientStep:
    """What a row writes: values by field, a policy, and what it said, to be remembered."""

    patient_id: int
    values: dict[str, Any] = field(default_factory=dict)
    policy: NewPolicy | None = None
    policy_id: int | None = None  # whose member id is written
    said: dict[str, Any] = field(default_factory=dict)


class RowPlan:
    """One row in the making: its changes in words, its step, the questions that hold it up."""

    def __init__(
        self, planning: Planning[ClientRow], at: int, row: ClientRow, patient_id: int
    ) -> None:
        self._planning, self._at, self._row = planning, at, row
        self._books: ClientBooks = planning.state
        self._now = self._books.clients.get(patient_id)
        self._found: list[Finding] = []
        self._said = said_of(row, self._found)
        self._last = self._books.said.get(patient_id, {})
        self._changes: list[FieldChange] = []
        self._open: str | None = None
        self._step = ClientStep(patient_id)

    def decide(self) -> Decision:
        """Return what happens to the row."""
        self._patient()
        self._guarantor()
        self._policy()
        now, step = self._now, self._step
        known: dict[str, Any] = {}
        if now is not None:
            known = {"noun": NOUN, "noun_id": step.patient_id}
        if self._open is not None:
            return Decision(Verdict.SKIPPED, reason=WAITING, question_id=self._open, **known)
        self._planning.findings.extend(self._found)
        changes = tuple(self._changes)
        if now is None:
            return Decision(Verdict.NEW, what=self._new_words(), step=step)
        if not changes:
            return Decision(Verdict.UNCHANGED, reason="Nothing changed", **known)
        return Decision(
            Verdict.CHANGED, what=in_words(changes), step=step, changes=changes, **known
        )

    # The client

    def _patient(self) -> None:
        said, now = self._said, self._now
        if now is not None and now.withdrawn:
            self._step.values["withdrawn"] = False
            self._changes.append(FieldChange("Client", "taken back", "in the books"))
        if said.kind is not None:
            typed = now is not None and now.kind != default_kind(now.name)
            self._take("kind", None if now is None else now.kind, said.kind, nobodys=not typed)
        if said.active is not None:
            ours = now is None or now.active
            self._take("active", ours, said.active, nobodys=ours)
        provider = self._planning.provider(self._at)
        if provider is not None:
            ours_id = None if now is None else now.provider_id
            untouched = now is None or (now.from_import and now.version == 1)
            self._take("provider_id", ours_id, provider, nobodys=ours_id is None or untouched)

    # Who pays

    def _guarantor(self) -> None:
        said, now = self._said, self._now
        wants_contact = bool(said.contact) and self._kind() == PatientKind.MINOR
        name = self._row.client if now is None else now.guarantor_name
        contact_pays = bool(said.contact) and same("payer_name", name, said.contact)
        if wants_contact and not contact_pays and (now is None or _pays_for_himself(now)):
            contact_pays = self._asked_who_pays() == CONTACT
            if contact_pays:
                self._put("payer_name", None if now is None else name, said.contact)
        phone, email = said.phone, said.email
        if contact_pays:
            phone, email = said.contact_phone or phone, said.contact_email or email
        others = now is not None and not contact_pays and not _pays_for_himself(now)
        if others:
            return  # somebody else pays: what SimplePractice says of the client is not about him
        shared = now is not None and now.pays_for > 1
        for key, value in (("address", said.address), ("phone", phone), ("email", email)):
            if not value:
                continue
            ours = None if now is None else getattr(now, key)
            blank = not ours or (key == "address" and not any(ours))
            if shared and not blank:
                continue  # one address stands for several clients here
            self._take(key, ours, value, nobodys=blank)

    def _kind(self) -> str:
        now = self._now
        return str(self._step.values.get("kind", "" if now is None else now.kind))

    def _asked_who_pays(self) -> str | None:
        row, said = self._row, self._said
        spelled = "|".join(alias_key(one) for one in (row.client, row.clinician, said.contact))
        question = Question(
            id=f"guarantor:{spelled}"[:300],
            kind=QuestionKind.GUARANTOR,
            text=f"Does {said.contact} pay for {row.client}?",
            detail="The client is a minor. Statements go to the one who pays. The answer is "
            "remembered.",
            options=(
                Option(CONTACT, f"{said.contact} pays"),
                Option(CLIENT, f"Statements go to {row.client}"),
            ),
            proposal=CONTACT,
            rows=1,
        )
        answer = self._planning.asked.ask(question)
        if answer is None:
            self._wait(question.id)
        elif answer == CONTACT and said.contact in self._books.guarantor_names:
            self._found.append(
                Finding(
                    "guarantor-again",
                    f"{said.contact} pays for another client already. Choose that guarantor on "
                    "the account to send one statement for both.",
                    f"line {row.line}",
                    Severity.INFO,
                )
            )
        return answer

    # What covers him

    def _policy(self) -> None:
        payer_id = self._planning.payer(self._at)
        if payer_id is None or self._row.payer == "":
            return
        member = self._said.member_id
        policies = [] if self._now is None else self._books.policies.get(self._step.patient_id, [])
        with_payer = [one for one in policies if one.payer_id == payer_id]
        if with_payer:
            self._member(with_payer[-1], member)
            return
        begins = self._begins(payer_id)
        standing = [one for one in policies if one.valid_to is None or one.valid_to >= begins]
        if standing:
            here = standing[-1]
            self._found.append(
                Finding(
                    "other-payer",
                    f"The primary payer of {self._row.client} is {here.payer} here and "
                    f"{self._row.payer} in SimplePractice. The policy stays; change it on the "
                    "account if SimplePractice is right.",
                    f"line {self._row.line}",
                    Severity.WARNING,
                )
            )
            return
        self._step.policy = NewPolicy(payer_id, member, begins)
        self._changes.append(
            FieldChange("Policy", "none", f"{self._row.payer} from {begins:%m/%d/%Y}")
        )
        if member:
            self._step.said["member_id"] = member

    def _member(self, policy: PolicyNow, member: str) -> None:
        if not member:
            return
        blank = not policy.member_id
        if self._take("member_id", policy.member_id, member, nobodys=blank):
            self._step.policy_id = policy.id

    def _begins(self, payer_id: int) -> date:
        first = self._books.first_days.get((self._step.patient_id, payer_id))
        days = [day for day in (self._row.added_on, first) if day is not None]
        return min(days, default=self._planning.day)

    # One fact

    def _take(self, key: str, ours: Any, theirs: Any, *, nobodys: bool) -> bool:
        """Take a fact over, keep ours, or ask; say whether it is written."""
        last = self._last.get(key)
        one = Field(key, ours, theirs, tuple(last) if isinstance(last, list) else last, nobodys)
        self._step.said[key] = list(theirs) if isinstance(theirs, tuple) else theirs
        choice = settled(one) if self._now is not None else TAKE
        if choice is None and self._now is not None:
            question, choice = ask(
                self._planning.asked,
                self._now.name,
                self._now.number,
                one,
                self._books.provider_names,
            )
            if choice is None:
                self._wait(question)
        if choice in (None, KEEP):
            return False
        self._put(key, ours, theirs)
        return True

    def _put(self, key: str, ours: Any, theirs: Any) -> None:
        self._step.values[key] = theirs
        if self._now is None:
            return
        names = self._books.provider_names
        self._changes.append(
            FieldChange(TITLES[key], words_of(key, ours, names), words_of(key, theirs, names))
        )

    def _wait(self, question: str) -> None:
        self._open = self._open or question

    def _new_words(self) -> str:
        parts = ["New client"]
        if self._said.kind not in (None, PatientKind.ADULT.value):
            parts.append(str(self._said.kind))
        if "payer_name" in self._step.values:
            parts.append(f"{self._said.contact} pays")
        if self._step.policy is not None:
            parts.append(f"{self._row.payer} from {self._step.policy.valid_from:%m/%d/%Y}")
        return ", ".join(parts)


def _pays_for_himself(now: ClientNow) -> bool:
    """Say whether a client is his own guarantor, as an import makes him."""
    own = now.guarantor_number == f"G{now.number}" and now.pays_for <= 1
    return own and fold(now.guarantor_name) == fold(now.name)
