"""Triggers that hold the ledger true even for a program that is not fscdesk.

An entry starts as a draft, gets its lines, and is posted by setting ``posted_at``. That
one UPDATE is where the database checks the sum and moves the open balances of charges,
sessions and patients. A posted entry is frozen. Both databases say the same sentences.
"""

from __future__ import annotations

INSURANCE = "('1110', '2410')"
PATIENT = "('1100')"
UNAPPLIED = "('2400')"
PAYER_CREDITS = "('2410')"
CREDITS = "('2400', '2410')"
OWED = "('1100', '1110', '2410')"
APPEND_ONLY = (
    "audit_event",
    "session_status_history",
    "payment_change",
    "approval_step",
    "sending",
)
MOVES_CREDITS = "NEW.kind NOT IN ('charge', 'sp_recorded')"
"""Those two never touch a credit; leaving them out keeps an import fast."""


def _is_posted(line: str) -> str:
    found = f"SELECT posted_at FROM journal_entry WHERE id = {line}.entry_id"
    return f"({found}) IS NOT NULL"


def _balance_updates(entry: str) -> tuple[str, str, str]:
    """Return the UPDATEs that move balances by the lines of an entry of any kind."""
    sums = (
        f"sum(CASE WHEN l.account IN {INSURANCE} THEN l.amount ELSE 0 END) AS insurance,"
        f" sum(CASE WHEN l.account IN {PATIENT} THEN l.amount ELSE 0 END) AS patient"
    )

    def moved(key: str) -> str:
        return (
            f" FROM (SELECT l.{key} AS owner, {sums} FROM journal_line l"
            f" WHERE l.entry_id = {entry}.id AND l.account IN {OWED} AND l.credit_id IS NULL"
            f" AND l.{key} IS NOT NULL GROUP BY l.{key}) AS moved"
        )

    charge = (
        "UPDATE charge SET insurance_balance = insurance_balance + moved.insurance,"
        f" patient_balance = patient_balance + moved.patient, {_days(entry)}"
        f"{moved('charge_id')} WHERE charge.id = moved.owner"
    )
    session = (
        "UPDATE session SET insurance_balance = insurance_balance + moved.insurance,"
        " patient_balance = patient_balance + moved.patient"
        f"{moved('session_id')} WHERE session.id = moved.owner"
    )
    return charge, session, _credit_update(entry)


def _charge_updates(entry: str) -> tuple[str, str, str]:
    """Return the same for an entry of one charge, by key: five times as fast in an import."""

    def moved(accounts: str) -> str:
        return (
            "coalesce((SELECT sum(l.amount) FROM journal_line l"
            f" WHERE l.entry_id = {entry}.id AND l.account IN {accounts}"
            " AND l.credit_id IS NULL), 0)"
        )

    balances = (
        f"insurance_balance = insurance_balance + {moved(INSURANCE)},"
        f" patient_balance = patient_balance + {moved(PATIENT)}"
    )
    # A credit of 2400 alone leaves the charge, and its last day, as they are.
    owed = (
        f"SELECT 1 FROM journal_line l WHERE l.entry_id = {entry}.id AND l.account IN {OWED}"
        " AND l.credit_id IS NULL"
    )
    mine = f"id = {entry}.charge_id AND EXISTS ({owed})"
    owner = f"(SELECT session_id FROM charge WHERE id = {entry}.charge_id)"
    return (
        f"UPDATE charge SET {balances}, {_days(entry)} WHERE {mine}",
        f"UPDATE session SET {balances} WHERE id = {owner}",
        _credit_update(entry),
    )


def _days(entry: str) -> str:
    return (
        f"first_day = CASE WHEN first_day < {entry}.entry_date THEN first_day"
        f" ELSE {entry}.entry_date END,"
        f" last_day = CASE WHEN last_day > {entry}.entry_date THEN last_day"
        f" ELSE {entry}.entry_date END"
    )


def _credit_update(entry: str) -> str:
    return (
        "UPDATE patient SET unapplied = unapplied - moved.credit FROM"
        " (SELECT l.patient_id AS owner, sum(l.amount) AS credit FROM journal_line l"
        f" WHERE l.entry_id = {entry}.id AND l.account IN {UNAPPLIED}"
        " AND l.patient_id IS NOT NULL GROUP BY l.patient_id) AS moved"
        " WHERE patient.id = moved.owner"
    )


def _credits(entry: str) -> tuple[str, str]:
    """Return the UPDATEs that move what is left of credits, and what payers have unapplied.

    The plus signs keep SQLite on the entry's few lines: its statistics may be older than the
    first credit, and then it takes the index of all credits for an empty one.
    """

    def moved(owner: str, accounts: str) -> str:
        return (
            f" FROM (SELECT +l.{owner} AS owner, sum(l.amount) AS moved FROM journal_line l"
            f" WHERE l.entry_id = {entry}.id AND l.account IN {accounts}"
            f" AND +l.credit_id IS NOT NULL AND +l.{owner} IS NOT NULL"
            f" GROUP BY +l.{owner}) AS change"
        )

    credit = (
        "UPDATE credit SET balance = balance - change.moved"
        f"{moved('credit_id', CREDITS)} WHERE credit.id = change.owner"
    )
    payer = (
        "UPDATE payer SET unapplied = unapplied - change.moved"
        f"{moved('payer_id', PAYER_CREDITS)} WHERE payer.id = change.owner"
    )
    return credit, payer


_POSTING = "NEW.posted_at IS NOT NULL AND OLD.posted_at IS NULL"


def _sqlite_moves(name: str, when: str, updates: tuple[str, ...]) -> str:
    body = "".join(f"    {update};\n" for update in updates)
    return (
        f"CREATE TRIGGER {name} AFTER UPDATE OF posted_at ON journal_entry\n"
        f"WHEN {_POSTING} AND {when} BEGIN\n{body}END"
    )


_SQLITE_ENTRY = (
    """
    CREATE TRIGGER journal_entry_starts_as_draft BEFORE INSERT ON journal_entry
    WHEN NEW.posted_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'entry starts as a draft'); END
    """,
    f"""
    CREATE TRIGGER journal_entry_balances BEFORE UPDATE OF posted_at ON journal_entry
    WHEN {_POSTING} BEGIN
        SELECT CASE
            WHEN off <> 0 OR legs < 2 OR odd <> 0 THEN RAISE(ABORT, 'entry does not balance')
            WHEN days <> 0 THEN RAISE(ABORT, 'line has another day than its entry')
            WHEN others <> 0 THEN RAISE(ABORT, 'line has another charge than its entry')
            WHEN strays <> 0 THEN RAISE(ABORT, 'credit stands on another account')
        END
        FROM (SELECT coalesce(sum(amount), 1) AS off, count(*) AS legs,
                     sum(typeof(amount) <> 'integer') AS odd,
                     sum(day <> NEW.entry_date) AS days,
                     sum(NEW.charge_id IS NOT NULL AND credit_id IS NULL
                         AND charge_id IS NOT NEW.charge_id) AS others,
                     sum(credit_id IS NOT NULL AND account NOT IN ('2400', '2410')) AS strays
              FROM journal_line WHERE entry_id = NEW.id);
    END
    """,
    _sqlite_moves(
        "journal_entry_moves_charge", "NEW.charge_id IS NOT NULL", _charge_updates("NEW")
    ),
    _sqlite_moves("journal_entry_moves_balances", "NEW.charge_id IS NULL", _balance_updates("NEW")),
    _sqlite_moves("journal_entry_moves_credits", MOVES_CREDITS, _credits("NEW")),
    *(
        f"""
        CREATE TRIGGER journal_entry_frozen_{event} BEFORE {event} ON journal_entry
        WHEN OLD.posted_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'entry is posted'); END
        """
        for event in ("update", "delete")
    ),
    *(
        f"""
        CREATE TRIGGER journal_line_frozen_{event} BEFORE {event} ON journal_line
        WHEN {when} BEGIN SELECT RAISE(ABORT, 'entry is posted'); END
        """
        for event, when in (
            ("insert", _is_posted("NEW")),
            ("update", f"{_is_posted('OLD')} OR {_is_posted('NEW')}"),
            ("delete", _is_posted("OLD")),
        )
    ),
)

SQLITE = (
    *_SQLITE_ENTRY,
    *(
        f"""
        CREATE TRIGGER {table}_frozen_{event} BEFORE {event} ON {table}
        BEGIN SELECT RAISE(ABORT, 'record is kept as it is'); END
        """
        for table in APPEND_ONLY
        for event in ("update", "delete")
    ),
)

SQLITE_DROP = (
    "DROP TRIGGER journal_entry_starts_as_draft",
    "DROP TRIGGER journal_entry_balances",
    "DROP TRIGGER journal_entry_moves_charge",
    "DROP TRIGGER journal_entry_moves_balances",
    "DROP TRIGGER journal_entry_moves_credits",
    *(f"DROP TRIGGER journal_entry_frozen_{event}" for event in ("update", "delete")),
    *(f"DROP TRIGGER journal_line_frozen_{event}" for event in ("insert", "update", "delete")),
    *(
        f"DROP TRIGGER {table}_frozen_{event}"
        for table in APPEND_ONLY
        for event in ("update", "delete")
    ),
)

_REFUSE = "RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation';"

POSTGRES = (
    f"""
    CREATE FUNCTION fsc_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE off numeric; legs bigint;
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.posted_at IS NOT NULL THEN
                {_REFUSE.format(words="entry starts as a draft")}
            END IF;
            RETURN NEW;
        END IF;
        IF TG_OP = 'TRUNCATE' OR OLD.posted_at IS NOT NULL THEN
            {_REFUSE.format(words="entry is posted")}
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF NEW.posted_at IS NOT NULL THEN
            SELECT coalesce(sum(amount), 1), count(*) INTO off, legs
            FROM journal_line WHERE entry_id = NEW.id;
            IF off <> 0 OR legs < 2 THEN
                {_REFUSE.format(words="entry does not balance")}
            END IF;
            IF EXISTS (SELECT 1 FROM journal_line
                       WHERE entry_id = NEW.id AND day <> NEW.entry_date) THEN
                {_REFUSE.format(words="line has another day than its entry")}
            END IF;
            IF NEW.charge_id IS NOT NULL AND EXISTS (
                SELECT 1 FROM journal_line
                WHERE entry_id = NEW.id AND credit_id IS NULL
                AND charge_id IS DISTINCT FROM NEW.charge_id
            ) THEN
                {_REFUSE.format(words="line has another charge than its entry")}
            END IF;
            IF EXISTS (SELECT 1 FROM journal_line WHERE entry_id = NEW.id
                       AND credit_id IS NOT NULL AND account NOT IN {CREDITS}) THEN
                {_REFUSE.format(words="credit stands on another account")}
            END IF;
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE FUNCTION fsc_entry_moves_balances() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
    + "".join(f"    {update};\n" for update in _balance_updates("NEW"))
    + f"    IF {MOVES_CREDITS} THEN\n"
    + "".join(f"        {update};\n" for update in _credits("NEW"))
    + "    END IF;\n    RETURN NULL;\nEND $$",
    f"""
    CREATE FUNCTION fsc_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            {_REFUSE.format(words="entry is posted")}
        END IF;
        IF TG_OP <> 'INSERT' AND {_is_posted("OLD")} THEN
            {_REFUSE.format(words="entry is posted")}
        END IF;
        IF TG_OP <> 'DELETE' AND {_is_posted("NEW")} THEN
            {_REFUSE.format(words="entry is posted")}
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE FUNCTION fsc_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {_REFUSE.format(words="record is kept as it is")}
    END $$
    """,
    """
    CREATE TRIGGER journal_entry_guard BEFORE INSERT OR UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION fsc_entry_guard()
    """,
    """
    CREATE TRIGGER journal_entry_truncate BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION fsc_entry_guard()
    """,
    """
    CREATE TRIGGER journal_entry_moves_balances AFTER UPDATE OF posted_at ON journal_entry
    FOR EACH ROW WHEN (NEW.posted_at IS NOT NULL AND OLD.posted_at IS NULL)
    EXECUTE FUNCTION fsc_entry_moves_balances()
    """,
    """
    CREATE TRIGGER journal_line_guard BEFORE INSERT OR UPDATE OR DELETE ON journal_line
    FOR EACH ROW EXECUTE FUNCTION fsc_line_guard()
    """,
    """
    CREATE TRIGGER journal_line_truncate BEFORE TRUNCATE ON journal_line
    FOR EACH STATEMENT EXECUTE FUNCTION fsc_line_guard()
    """,
    *(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION fsc_append_only()"
        for table in APPEND_ONLY
    ),
    *(
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION fsc_append_only()"
        for table in APPEND_ONLY
    ),
)

POSTGRES_DROP = tuple(
    f"DROP FUNCTION {name}() CASCADE"
    for name in (
        "fsc_entry_guard",
        "fsc_entry_moves_balances",
        "fsc_line_guard",
        "fsc_append_only",
    )
)


def statements(dialect: str, *, drop: bool = False) -> tuple[str, ...]:
    """Return the DDL that puts up (or takes away) the guards on this database."""
    if dialect == "postgresql":
        return POSTGRES_DROP if drop else POSTGRES
    return SQLITE_DROP if drop else SQLITE


def append_only(dialect: str, tables: tuple[str, ...], *, drop: bool = False) -> tuple[str, ...]:
    """Return the DDL that freezes the rows of more tables (or takes that away)."""
    if dialect == "postgresql":
        if drop:
            return tuple(
                f"DROP TRIGGER {table}_{event} ON {table}"
                for table in tables
                for event in ("frozen", "truncate")
            )
        return tuple(
            words
            for table in tables
            for words in (
                (
                    f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}"
                    " FOR EACH ROW EXECUTE FUNCTION fsc_append_only()"
                ),
                (
                    f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}"
                    " FOR EACH STATEMENT EXECUTE FUNCTION fsc_append_only()"
                ),
            )
        )
    return tuple(
        f"DROP TRIGGER {table}_frozen_{event}"
        if drop
        else f"CREATE TRIGGER {table}_frozen_{event} BEFORE {event} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'record is kept as it is'); END"
        for table in tables
        for event in ("update", "delete")
    )
