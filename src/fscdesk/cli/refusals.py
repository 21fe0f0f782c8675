"""Says a refusal in the words of the command line: which option helps, not which screen.

The rooms refuse in sentences for everybody, and their hints speak of what is on the screen. Where
an option or a command is the way here, its hint stands in this table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from fscdesk.services.errors import Problem

_ANY: Final = ""
_HINTS: Final[tuple[tuple[str, str, str], ...]] = (
    # command (any where empty), the refusal, the hint in its place
    (
        "payment add",
        r"Whose money the rest is has not been said\.",
        "Nothing was posted. Name the client whose credit it becomes: --client 1042.",
    ),
    (
        "payment add",
        r"A payment comes from one guarantor or one payer\.",
        "Nothing was posted. Say who paid: --from ACCOUNT, or --payer CODE.",
    ),
    (
        "payment add",
        r".* is applied, but the payment is .*",
        "Nothing was posted. Lower a --charge ID=AMOUNT, or correct --amount.",
    ),
    (
        "payment add",
        r".* was to be applied, but .* is left of this money\.",
        "Nothing was posted. Lower a --charge ID=AMOUNT, or correct --amount.",
    ),
    (
        "payment add",
        r".* is more than the .* that is open for .*",
        "Nothing was posted. Lower the --charge; what is over stays as a credit (--rest).",
    ),
    (
        "payment add",
        r".* is older and would stay open\.",
        "Nothing was posted. This practice pays the oldest charges first: --oldest-first.",
    ),
    (
        "payment add",
        r".* is the payer's share\.",
        "Nothing was posted. Leave this --charge out, or enter the payer's money with --payer.",
    ),
    (
        "payment add",
        r".* is the client's share\.",
        "Nothing was posted. Leave this --charge out: a payer's money pays the payer's share.",
    ),
    (
        "payment add",
        r"A charge that was to be paid is not in the books any more\.",
        "Nothing was posted. Correct --charge ID=AMOUNT: an import may have made it anew.",
    ),
    (
        _ANY,
        r".* was (posted|made) under the same key with other facts\.",
        "Nothing was posted. Give this one a --key of its own.",
    ),
    (
        "payment add",
        r"This payment was posted at another desk a moment ago\.",
        "Nothing was posted twice. “fscdesk payment list” shows it.",
    ),
    (
        "payment add",
        r".* is another payer's\.",
        "Nothing was posted. Correct --payer, or leave this --charge out.",
    ),
    (
        "payment add",
        (
            r"This (check|payment) is here already: .*|.*, lies ahead\..*"
            r"|.* is more than ten times the .*|.* is above the .* from which this practice asks .*"
        ),
        "Nothing was posted. If it is meant, run it again with --anyway.",
    ),
    (
        "receipt",
        r"There is no payment .*",
        "No receipt was made. “fscdesk payment list” shows the numbers.",
    ),
    (
        "invoice",
        r"There is no invoice .*",
        "Nothing was changed. An invoice's number is like INV-2026-00042.",
    ),
    (
        "invoice",
        r"The charges changed after this list was made\.",
        "No invoice was made. Run it again; --plan says what it would make.",
    ),
    (
        "invoice",
        r"A charge that was to be invoiced is not in the books\.",
        "No invoice was made. Correct --charge; “--all --plan --json” names those that are open.",
    ),
    (
        "invoice",
        r"An invoice cannot be due after .* days\.",
        "No invoice was made. --net takes 0 to 365 days.",
    ),
    ("claims undo", r"The reason is missing\.", "Nothing was changed. Say why: --reason WHY."),
    (
        "claims undo",
        r"The file of .* is not in the outbox any more\.",
        "Nothing was changed. If it was never sent, run it again with --anyway.",
    ),
    (
        "claims undo",
        r"The check-list of .* has .* that somebody entered\.",
        "Nothing was changed. If the payer has none of them, run it again with --anyway.",
    ),
    (
        "claims undo",
        r"The forms of .* are of .*; the payer may have them\.",
        "Nothing was changed. If they were never mailed, run it again with --anyway.",
    ),
    (
        "claims undo",
        r"Something came back for .* already: .*",
        "Nothing was changed. If the clearinghouse drops the file, run it again with --anyway.",
    ),
    (
        "claims send",
        r"None of these claims can go any more\. .*",
        "Nothing was sent. Run it again; --plan says what stays behind, and why.",
    ),
    (
        "claims build",
        r"The sessions changed after this list was made\.",
        "No claim was built. Run it again; --plan says what it would build.",
    ),
    ("invoice", r"The reason is missing\.", "Nothing was changed. Say why: --reason WHY."),
    ("statements", r"The reason is missing\.", "Nothing was changed. Say why: --reason WHY."),
    (
        "statements",
        r"The books changed after this list was made\.",
        "No statement was made. Run it again; --plan says what it would make.",
    ),
    (
        "statements",
        r"The period cannot begin on .*",
        "No statement was made. Give an earlier --since, or a later --as-of.",
    ),
    (_ANY, r"The period cannot begin on .*", "Nothing was made. Correct --from and --to."),
    (_ANY, r"No client has the number .*", "Nothing was done. A client's number is like 1042."),
    (
        _ANY,
        r".* has no e-mail address\..*",
        "Add it to the account in the window, or leave --email out.",
    ),
)
_LISTED: Final = re.compile(r"; the list says why\.$")


def hint_of(problem: Problem, arguments: Sequence[str]) -> str:
    """Return the hint of a refusal for somebody who typed a command."""
    typed = " ".join(("", *(one for one in arguments if not one.startswith("-")), ""))
    for command, refusal, hint in _HINTS:
        if (not command or f" {command} " in typed) and re.fullmatch(refusal, problem.message):
            return hint
    return _LISTED.sub("; --plan says which, and why.", problem.hint)
