"""Invoices read back, in three styles."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.invoice import InvoiceStyle, invoice
from tests.support.papers import an_invoice, flat
from tests.support.pdf import letters, page_texts

SUMS = (
    "Subtotal, 4 charges 640.00",
    "Paid by insurance −240.00",
    "Adjustments −80.00",
    "Paid −120.00",
    "Amount due 200.00",
)


@pytest.mark.parametrize("style", InvoiceStyle)
def test_each_style_has_number_days_terms_and_sums(style: InvoiceStyle) -> None:
    pdf = invoice(an_invoice(style=style))
    page = flat(pdf)
    for text in (*SUMS, "INV-2026-00042", "Issued 04/01/2026", "Net 30, due 05/01/2026"):
        assert text in page
    assert page_texts(pdf)[0].count("$200.00") >= 2  # above, and on the slip
    assert "Account 1003, invoice INV-2026-00042" in page
    assert "Pay $200.00 by 05/01/2026" in page


def test_patient_style_has_plain_words_and_no_codes() -> None:
    page = flat(invoice(an_invoice()))
    assert (
        "03/08/2026 Individual session, 50 minutes 001. 160.00 −60.00 −20.00 −30.00 50.00" in page
    )
    assert "For Quill Fakerson, with Mockley O’Sample" in page
    assert "90837" not in page


def test_what_nobody_paid_or_adjusted_has_no_column() -> None:
    page = flat(invoice(an_invoice(insurance=ZERO, adjusted=ZERO, paid=ZERO)))
    assert "Date What Charge Paid To pay" in page
    assert "Insurance" not in page
    assert "Adjusted" not in page
    assert "Adjustments 0.00" in page


def test_changes_that_cancel_out_still_have_their_column() -> None:
    document = an_invoice(2, insurance=ZERO)
    up, down = document.lines
    lines = (replace(up, insurance=Money(5_00)), replace(down, insurance=Money(-5_00)))
    assert "Insurance" in flat(invoice(replace(document, lines=lines)))


def test_detailed_style_has_codes_units_and_rates() -> None:
    page = flat(invoice(an_invoice(style=InvoiceStyle.DETAILED, units=2, rate=Money(80_00))))
    assert "90837-95-HO" in page
    assert "2 × 80.00 160.00 −60.00 −20.00 −30.00 50.00" in page
    assert "Units × rate Charge Insurance Adjusted Paid To pay" in page


def test_lines_name_only_what_differs() -> None:
    page = flat(
        invoice(an_invoice(patients=("Quill Fakerson", "Minna Placeholder"), clinicians=("A B",)))
    )
    assert page.count("Quill Fakerson") == page.count("Minna Placeholder") == 2
    assert page.count("A B") == 1
    assert "With A B" in page


def test_summary_has_sums_by_month_and_clinician() -> None:
    page = flat(
        invoice(an_invoice(8, style=InvoiceStyle.SUMMARY, clinicians=("Mockley O’Sample", "Nora")))
    )
    assert "March 2026 Mockley O’Sample 3 480.00 −180.00 −60.00 −90.00 150.00" in page
    assert "Nora 2 320.00 −120.00 −40.00 −60.00 100.00" in page
    assert "April 2026 Mockley O’Sample 1 160.00" in page
    assert "Individual session" not in page


def test_months_of_other_years_are_not_mixed() -> None:
    document = an_invoice(2)
    early = replace(document.lines[0], day=date(2025, 3, 1))
    groups = replace(document, lines=(document.lines[1], early)).groups()
    assert [group.month for group in groups] == [date(2025, 3, 1), date(2026, 3, 1)]


def test_void_invoice_is_marked_and_asks_for_nothing() -> None:
    page = flat(
        invoice(an_invoice(void_on=date(2026, 4, 3), void_reason="Charged twice. See another."))
    )
    assert "VOID" in page
    assert "Void since 04/03/2026 Charged twice. See another." in page
    assert "nothing to pay" in page
    assert "$" not in page
    assert "Payment slip" not in page
    assert "Amount due" not in page


@pytest.mark.parametrize(
    ("paid", "text"),
    [
        (Money(-80_00), "nothing to pay"),
        (Money(-90_00), "Credit balance, nothing to pay"),
        (Money(-90_00), "Credit balance 40.00"),
    ],
)
def test_paid_invoice_has_no_slip(paid: Money, text: str) -> None:
    page = flat(invoice(an_invoice(paid=paid)))
    assert text in page
    assert "Payment slip" not in page
    assert "Pay $" not in page


def test_practice_says_how_to_pay() -> None:
    page = flat(invoice(an_invoice(how_to_pay="Pay at pay.springs.example.invalid.")))
    assert "Pay at pay.springs.example.invalid." in page
    assert "send a check" not in page


@pytest.mark.parametrize(
    "change",
    [
        {"subtotal": Money(1)},
        {"insurance": ZERO},
        {"adjusted": Money(80_00)},
        {"paid": Money(-119_99)},
        {"amount_due": Money(200_01)},
        {"lines": ()},
        {"due_on": date(2026, 3, 31)},
        {"void_on": date(2026, 4, 2)},
    ],
)
def test_invoice_that_does_not_add_up_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="INV-2026-00042"):
        replace(an_invoice(), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"units": 2}, {"rate": Money(159_99)}, {"units": 0}])
def test_charge_that_is_not_units_by_rate_is_refused(change: dict[str, object]) -> None:
    document = an_invoice()
    wrong = replace(document.lines[2], **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="2026-03-15"):
        replace(document, lines=(*document.lines[:2], wrong, document.lines[3]))


def test_amounts_end_level() -> None:
    document = an_invoice(3, rate=Money(1_111_11), insurance=ZERO, adjusted=ZERO, paid=Money(-1))
    found = [each for each in letters(invoice(document)) if 312 < each.top < 365]
    ends = [each.right for each in found if each.letter == "0" and each.right > 560]
    assert len(ends) == 3
    assert max(ends) - min(ends) < 0.1


@settings(max_examples=25, deadline=None)
@given(
    rate=st.integers(0, 10**10),
    units=st.integers(1, 9),
    paid=st.integers(-(10**10), 0),
    style=st.sampled_from(InvoiceStyle),
)
def test_any_amount_stays_in_its_column(
    rate: int, units: int, paid: int, style: InvoiceStyle
) -> None:
    document = an_invoice(2, rate=Money(rate), units=units, paid=Money(paid), style=style)
    pdf = invoice(document)
    found = letters(pdf)
    assert max(each.right for each in found) < 612 - 43
    row = sorted((each.left, each.right) for each in found if 313 < each.top < 325)
    for (_, one), (two, _) in itertools.pairwise(row):
        assert two > one - 0.6
