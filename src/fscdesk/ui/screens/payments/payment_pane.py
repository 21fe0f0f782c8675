"""The pane of a payment: its five days, what it paid, what is left, what was changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from fscdesk.services.payments.detail import WHAT, ApplicationRow, HeldCredit, PaymentDetail
from fscdesk.services.payments.queries import PaymentRow, RefundRow, payment_detail
from fscdesk.services.work import Work
from fscdesk.ui.screens.payments.history_page import HistoryPage, Told
from fscdesk.ui.screens.payments.wording import (
    ORIGINS,
    charge_words,
    kind_word,
    method_word,
    payment_mark,
    refund_mark,
    stated,
)
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import day_text, moment_text

TAKE_BACK, CREDIT, REFUND, DOCUMENT = "take", "credit", "refund", "document"
Steps = Callable[[PaymentDetail], Sequence[NextStep]]
Open = Callable[[PaymentDetail, str, int], object]
"""What Enter on a line of the pane does: which payment, what, its id."""


def payment_pane(
    zone: ZoneInfo, patient: str, next_steps: Steps, more_steps: Steps, open_line: Open
) -> DetailSpec[PaymentRow, PaymentDetail]:
    """Return the declaration of the pane. ``patient`` is the practice's word for a client."""
    shown: list[PaymentDetail] = []

    def story(steps: Callable[[PaymentDetail], Sequence[StoryStep]], name: str) -> StoryPage:
        def keep(detail: PaymentDetail) -> Sequence[StoryStep]:
            shown[:] = [detail]
            return steps(detail)

        page = StoryPage(keep)
        page.story.setAccessibleName(name)
        page.opened.connect(lambda key: _open(shown[0], key, open_line))
        return page

    return DetailSpec(
        ask=_ask,
        head=lambda detail: _head(detail, next_steps, more_steps),
        tabs=(
            PaneTab("paid", "Paid", lambda: story(_paid, "What it paid")),
            PaneTab("facts", "Facts", lambda: FactsPage("Facts", _facts_of(zone, patient))),
            PaneTab(
                "changes",
                "Changes",
                lambda: HistoryPage("Changes", _changes_of(zone), "Nothing was changed since."),
            ),
            PaneTab("receipts", "Receipts", lambda: story(_receipts_of(zone), "Receipts")),
        ),
        nothing="Choose a payment to see what became of it.",
    )


def _ask(work: Work, row: PaymentRow) -> PaymentDetail:
    return payment_detail(work, row.id)


def _open(detail: PaymentDetail, key: str, open_line: Open) -> None:
    what, _colon, number = key.partition(":")
    open_line(detail, what, int(number))


def _head(detail: PaymentDetail, next_steps: Steps, more_steps: Steps) -> PaneHead:
    row = detail.row
    by = " ".join(part for part in (method_word(row.method.value), row.reference) if part)
    badges = [payment_mark(row)]
    badges += [refund_mark(one) for one in detail.refunds if one.days_left is not None]
    left = "Refunded" if row.refunded and not row.unapplied else "Left"
    return PaneHead(
        name=row.from_name,
        line=", ".join((row.number, by, day_text(row.posted_on))),
        badges=tuple(badges[:2]),
        figures=(
            Figure("Amount", row.amount),
            Figure("Applied", row.applied),
            Figure(left, row.refunded if left == "Refunded" else row.unapplied),
        ),
        next_steps=tuple(next_steps(detail)),
        more=tuple(more_steps(detail)),
    )


def _paid(detail: PaymentDetail) -> list[StoryStep]:
    steps = [_application(one) for one in detail.applications]
    steps += [
        StoryStep(
            f"{one.kind.value.replace('_', ' ').capitalize()} {one.number}",
            one.reason,
            stated(one.amount),
            icon="percent",
            tone="slate",
        )
        for one in detail.adjustments
    ]
    steps += [_credit(one) for one in detail.credits if one.balance]
    steps += [_refund(one) for one in detail.refunds]
    if not steps:
        words = {"returned": "It was returned", "voided": "It was voided"}
        steps.append(
            StoryStep(words.get(detail.row.status.value, "Nothing is paid by it"), icon="circle")
        )
    return steps


def _application(one: ApplicationRow) -> StoryStep:
    whose = one.patient if one.side.value == "patient" else f"{one.patient}, payer's share"
    return StoryStep(
        charge_words(one),
        f"{whose}, as SimplePractice said" if one.recorded else whose,
        stated(one.amount),
        day_text(one.on),
        "hand-coins",
        "green",
        f"{TAKE_BACK}:{one.entry_id}",
    )


def _credit(one: HeldCredit) -> StoryStep:
    promised = f", {stated(one.promised)} waits to go back" if one.promised else ""
    return StoryStep(
        f"Left: {kind_word(one.kind.value).lower()}",
        f"{one.owner}{promised}",
        stated(one.balance),
        day_text(one.since),
        "wallet",
        "amber",
        f"{CREDIT}:{one.id}",
    )


def _refund(one: RefundRow) -> StoryStep:
    mark = refund_mark(one)
    when = one.paid_on or one.due_on
    return StoryStep(
        f"Refund {one.number}",
        mark.word if one.paid_on or one.days_left is None else f"{mark.word}, due by",
        stated(one.amount),
        day_text(when),
        "rotate-ccw",
        mark.tone,
        f"{REFUND}:{one.id}",
    )


def _facts_of(zone: ZoneInfo, patient: str) -> Callable[[PaymentDetail], list[Section]]:
    def sections(detail: PaymentDetail) -> list[Section]:
        row = detail.row
        services = sorted({one.service_day for one in detail.applications})
        days = Section(
            "The five days",
            (
                Fact("Service", (_range(services),)),
                Fact("On the check", (day_text(row.check_on),)),
                Fact("Received", (day_text(row.received_on),)),
                Fact("Posted", (day_text(row.posted_on),)),
                Fact("Deposited", (day_text(row.deposited_on) or "not yet",)),
                Fact("At the bank", (day_text(row.banked_on) or "not yet",)),
            ),
        )
        clients = sorted({one.patient for one in detail.applications})
        what = (
            ("Method", method_word(row.method.value)),
            ("Number", row.reference),
            (f"{patient}s", ", ".join(clients)),
            ("Memo", detail.memo),
            ("Came from", ORIGINS[row.origin.value]),
            ("Id in SimplePractice", detail.external_id),
            ("Entered by", f"{detail.received_by}, {moment_text(detail.posted_at, zone)}"),
        )
        return [
            days,
            Section("The payment", tuple(Fact(label, (word,)) for label, word in what if word)),
        ]

    return sections


def _range(days: Sequence[object]) -> str:
    if not days:
        return ""
    first, last = (day_text(one) for one in (days[0], days[-1]))  # type: ignore[arg-type]
    return first if first == last else f"{first} to {last}"


def _changes_of(zone: ZoneInfo) -> Callable[[PaymentDetail], list[Told]]:
    def told(detail: PaymentDetail) -> list[Told]:
        return [
            Told(
                moment_text(one.at, zone),
                f"{one.who}: {one.reason}",
                WHAT[one.what],
                f"{one.old or 'nothing'} → {one.new or 'nothing'}",
            )
            for one in reversed(detail.changes)
        ]

    return told


def _receipts_of(zone: ZoneInfo) -> Callable[[PaymentDetail], list[StoryStep]]:
    def steps(detail: PaymentDetail) -> list[StoryStep]:
        made = [
            StoryStep(
                f"Receipt {one.number}",
                one.made_by,
                day=moment_text(one.made_at, zone),
                icon="receipt",
                tone="blue",
                key=f"{DOCUMENT}:{one.id}",
            )
            for one in reversed(detail.documents)
        ]
        return made or [StoryStep("No receipt was made yet", icon="receipt")]

    return steps
