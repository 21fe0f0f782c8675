"""Every command of the queue and of the jobs: whole or not at all, once, and only who may."""

from __future__ import annotations

import fscdesk.services.jobs as jobs_room
import fscdesk.services.queue as queue_room
from fscdesk.models.alert import Alert, JobRun, WorkItem
from tests.support.every_command import Battery
from tests.support.queue_acts import AGAIN, ONCE

OF_SEVERAL = frozenset({"run_jobs"})
"""They do what other commands do, each in a transaction of its own."""


class TestEveryQueueCommand(Battery):
    """The battery of two rooms."""

    rooms = (queue_room, jobs_room)
    once, again = ONCE, AGAIN
    elsewhere = OF_SEVERAL
    nouns = (Alert, WorkItem, JobRun)
    # Whoever may do nothing has nothing in the queue.
    stranger_is_told = "You may not|is not in the queue"
    # The first answers that this person may not, and runs the others. The second is the day's job,
    # which runs for whoever comes first and goes by what is so, not by who looks.
    for_anybody = ("run_job", "keep_alerts")
