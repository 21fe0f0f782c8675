"""Billing as a whole: its tabs, its names, its keys, and that every page fits the window."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from fscdesk.ui import theme
from fscdesk.ui.actions import clashes
from tests.support.named import unnamed
from tests.support.robots.billing import BillingRobot

TABS = (
    "statements",
    "unsent",
    "invoices",
    "reminders",
    "write_offs",
    "collections",
    "instalments",
    "send_log",
)


def test_every_tab_names_its_controls_and_no_key_clashes(billing: BillingRobot) -> None:
    for tab in TABS:
        billing.opens("statements", tab=tab)
        assert billing.billing.tabs.current == tab
        assert unnamed(billing.billing) == [], tab
        assert clashes(billing.window, billing.billing) == [], tab
    billing.opens("queue")
    assert unnamed(billing.queue) == []
    assert clashes(billing.window, billing.queue) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (1180, 720)])
def test_every_tab_fits_the_window(
    billing: BillingRobot, qapp: QApplication, scheme: theme.Scheme, size: tuple[int, int]
) -> None:
    theme.apply(qapp, scheme, 100)
    billing.window.resize(*size)
    for tab in TABS:
        billing.opens("statements", tab=tab)
        assert (billing.window.width(), billing.window.height()) == size, tab
    billing.opens("queue")
    assert (billing.window.width(), billing.window.height()) == size
    theme.apply(qapp)


def test_what_other_screens_ask_of_statements_opens_that_tab(billing: BillingRobot) -> None:
    billing.opens("statements", tab="invoices")
    billing.opens("statements", everybody=True)
    assert billing.billing.tabs.current == "statements"
    billing.does("Alt+Left")
    assert billing.billing.tabs.current == "invoices"


def test_f6_reaches_tabs_list_and_foot(billing: BillingRobot) -> None:
    billing.opens("statements", tab="write_offs")
    seen = []
    for _ in range(8):
        billing.presses("F6")
        seen.append(billing.target())
    assert billing.billing.tabs.tabs in seen
    assert billing.list.view in seen or not billing.list.model.total


def test_search_lists_the_tabs_and_the_acts_of_the_one_in_front(billing: BillingRobot) -> None:
    billing.opens("statements", tab="invoices")
    words = [one.text() for one in billing.billing.actions()]
    assert "Billing: Collections" in words
    assert "Make invoices" in " ".join(words) or any(one.startswith("Make ") for one in words)
    billing.opens("statements", tab="collections")
    assert not any(one.text().startswith("Make ") for one in billing.billing.actions())
