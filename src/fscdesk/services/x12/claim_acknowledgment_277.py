"""The receiver's answer claim by claim: 277CA (005010X214), and the plain 277 of a status question.

In a 277CA the claim's own number (CLM01) comes back as TRN02 of its patient loop. A batch, or all
claims of a provider, can be rejected as a whole: then the level above says so and no claim stands
below it.
"""

from __future__ import annotations

from fscdesk.services.x12.claim_statuses import Reading277
from fscdesk.services.x12.envelopes import read_interchanges
from fscdesk.services.x12.segments import Oddity
from fscdesk.services.x12.walking_277 import Walk


def read_277ca(text: str) -> Reading277:
    """Read a 277CA or a plain 277; never raises. Whatever is amiss is an oddity."""
    reading = read_interchanges(text)
    oddities = list(reading.oddities)
    answers = []
    for found in reading.sets():
        position = found.segments[0].position if found.segments else 0
        if found.kind != "277":
            message = "A transaction of another kind says nothing of claims that were sent."
            oddities.append(Oddity("other_kind", message, position))
            continue
        walk = Walk(found)
        answers.append(walk.read())
        oddities += walk.oddities
    if not answers:
        oddities.append(Oddity("nothing_acknowledged", "The file says nothing of any claim."))
    return Reading277(tuple(answers), tuple(oddities))
