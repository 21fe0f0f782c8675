"""The command for what waits for a person: queue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fscdesk.models.claim import Claim
from fscdesk.models.values import Money
from fscdesk.services.connecting import open_office
from fscdesk.services.queue.keeping_items import assign
from fscdesk.services.work import Work
from tests.support.claim_acts import TODAY, sent_claim
from tests.support.cli import run_cli
from tests.support.clock import Clock


@pytest.mark.parametrize(("days", "status"), [(40, 0), (95, 1)])
def test_what_is_critical_is_in_the_exit_status(
    practice: str, clock: Clock, days: int, status: int
) -> None:
    office = open_office(practice, now=clock)
    claim_id = sent_claim(office)

    def send(work: Work) -> None:
        work.db.get_one(Claim, claim_id).last_sent_on = TODAY - timedelta(days=days)

    office.write(send)
    ran = run_cli("queue", "--practice", practice, "--json")
    assert ran.status == status
    month, item = sorted(ran.json["items"], key=lambda one: one["kind"] == "silent")
    assert (item["kind"], item["claim_id"]) == ("silent", claim_id)
    assert (month["kind"], month["opens"]["place"]) == ("statement_run", "statements")
    both = Money.parse(item["amount"]) + Money.parse(month["amount"])
    assert (ran.json["open"], ran.json["amount"]) == (2, both.plain())
    assert item["opens"]["place"] == "claim"
    assert (item["assigned_to"], item["snoozed_until"], item["note"]) == (None, None, "")
    assert ran.json["kinds"] == {"silent": 1, "statement_run": 1}
    assert ran.json["views"]["unassigned"] == 2
    assert run_cli("queue", "--practice", practice, "--mine", "--json").json["items"] == []
    office.write(lambda work: assign(work, [item["key"]], office.actor.staff_id))
    assert len(run_cli("queue", "--practice", practice, "--mine", "--json").json["items"]) == 1
    assert run_cli("queue", "--practice", practice, "--kind", "denied").out == "Nothing waits.\n"
    told = run_cli("queue", "--practice", practice)
    assert "2 things open" in told.out
    assert f"No answer for {days} days" in told.out
    office.close()
