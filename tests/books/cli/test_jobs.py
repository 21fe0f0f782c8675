"""The commands for what runs by itself: jobs run, jobs list."""

from __future__ import annotations

from tests.support.cli import run_cli


def test_jobs_run_once_and_are_listed(practice: str) -> None:
    before = run_cli("jobs", "list", "--practice", practice, "--json")
    assert before.status == 0
    assert {row["due"] for row in before.json["jobs"]} == {True}
    names = [row["name"] for row in before.json["jobs"]]
    ran = run_cli("jobs", "run", "--practice", practice, "--json")
    assert ran.status == 0
    assert [(row["name"], row["outcome"]) for row in ran.json["jobs"]] == [
        (name, "done") for name in names
    ]
    again = run_cli("jobs", "run", "--name", "alerts", "--practice", practice)
    assert again.out.startswith("alerts  was done before")
    once_more = run_cli("jobs", "run", "--name", "alerts", "--again", "--practice", practice)
    assert once_more.out.startswith("alerts  done")
    told = run_cli("jobs", "list", "--practice", practice)
    assert "alerts: every day, done, last run: 04/12/2026" in told.out
    refused = run_cli("jobs", "run", "--name", "nonsense", "--practice", practice)
    assert refused.status == 2
    assert "no job nonsense" in refused.err
