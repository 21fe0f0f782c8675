"""Bank accounts, statements, deposits, reconciliation; periods, cost centres, budgets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from fscdesk.models.migrations import ledger_guards

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


TOPICS = ("bank", "books")
ACCOUNTS = (
    ("2420", "Money to identify", "liability"),
    ("3090", "Opening balances", "equity"),
    ("4340", "Bank interest", "income"),
)
FROZEN = ("period_change",)
RIGHTS = {
    "make_deposits": ("admin", "billing_manager", "billing_clerk", "accounting"),
    "reconcile": ("admin", "billing_manager", "billing_clerk", "accounting"),
    "keep_books": ("admin", "accounting", "cfo"),
    "close_periods": ("admin", "accounting", "cfo"),
    "post_closed": ("admin", "cfo"),
}
FLOWS = {
    "cash": ("1000", "1020"),
    "investing": ("1400", "1410"),
    "financing": ("3000", "3090"),
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "accounting_period",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open", "soft_closed", "closed", name="periodstatus", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_accounting_period")),
    )
    op.create_table(
        "cost_centre",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "clinical",
                "administrative",
                "support",
                name="costcentrekind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("parent", sa.String(length=12), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent"], ["cost_centre.code"], name=op.f("fk_cost_centre_parent")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_cost_centre")),
        sa.UniqueConstraint("name", name=op.f("uq_cost_centre_name")),
    )
    op.create_table(
        "bank_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "checking",
                "savings",
                "credit_card",
                "merchant",
                name="bankaccountkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("ending", sa.String(length=4), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("starts_with", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["account.code"], name=op.f("fk_bank_account_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint("account", name=op.f("uq_bank_account_account")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_bank_account_fingerprint")),
        sa.UniqueConstraint("name", name=op.f("uq_bank_account_name")),
    )
    op.create_table(
        "bank_layout",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["staff.id"], name=op.f("fk_bank_layout_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_layout")),
        sa.UniqueConstraint("name", name=op.f("uq_bank_layout_name")),
        sa.UniqueConstraint("signature", name=op.f("uq_bank_layout_signature")),
    )
    op.create_table(
        "budget",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "approved", "closed", name="budgetstatus", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("live", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column(
            "approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_budget_approved_by")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_budget_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint("live", name=op.f("uq_budget_live")),
        sa.UniqueConstraint("name", name=op.f("uq_budget_name")),
    )
    op.create_index(op.f("ix_budget_first_month"), "budget", ["first_month"], unique=False)

    op.create_table(
        "period_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "old",
            sa.Enum(
                "open", "soft_closed", "closed", name="periodstatus", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "new",
            sa.Enum(
                "open", "soft_closed", "closed", name="periodstatus", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_period_change_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_change")),
    )
    op.create_index(op.f("ix_period_change_month"), "period_change", ["month"], unique=False)

    op.create_table(
        "recurring_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("memo", sa.String(length=200), nullable=False),
        sa.Column(
            "every",
            sa.Enum("month", "quarter", "year", name="every", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("legs", sa.JSON(), nullable=False),
        sa.Column("by_itself", sa.Boolean(), nullable=False),
        sa.Column("turns_back", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_recurring_entry_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_entry")),
        sa.UniqueConstraint("name", name=op.f("uq_recurring_entry_name")),
    )
    op.create_index(
        op.f("ix_recurring_entry_next_on"), "recurring_entry", ["next_on"], unique=False
    )

    op.create_table(
        "bank_statement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("file_name", sa.String(length=260), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("layout", sa.String(length=80), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("opening", sa.BigInteger(), nullable=True),
        sa.Column("closing", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("applied", "undone", name="statementstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column(
            "applied_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["staff.id"], name=op.f("fk_bank_statement_applied_by")
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_statement_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["staff.id"], name=op.f("fk_bank_statement_undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statement")),
        sa.UniqueConstraint("number", name=op.f("uq_bank_statement_number")),
    )
    op.create_index(
        op.f("ix_bank_statement_bank_account_id_last_day"),
        "bank_statement",
        ["bank_account_id", "last_day"],
        unique=False,
    )
    op.create_index(op.f("ix_bank_statement_sha256"), "bank_statement", ["sha256"], unique=False)

    op.create_table(
        "budget_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "budget_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("cost_centre", sa.String(length=12), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.code"], name=op.f("fk_budget_line_account")),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budget.id"], name=op.f("fk_budget_line_budget_id")
        ),
        sa.ForeignKeyConstraint(
            ["cost_centre"], ["cost_centre.code"], name=op.f("fk_budget_line_cost_centre")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
    )
    op.create_index(
        op.f("ix_budget_line_budget_id_account_month"),
        "budget_line",
        ["budget_id", "account", "month"],
        unique=False,
    )

    op.create_table(
        "reconciliation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opening", sa.BigInteger(), nullable=False),
        sa.Column("statement", sa.BigInteger(), nullable=False),
        sa.Column("book", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "completed",
                "undone",
                name="reconciliationstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column(
            "started_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column(
            "completed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("completed_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_why", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_reconciliation_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["completed_by"], ["staff.id"], name=op.f("fk_reconciliation_completed_by")
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["staff.id"], name=op.f("fk_reconciliation_started_by")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["staff.id"], name=op.f("fk_reconciliation_undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
        sa.UniqueConstraint(
            "bank_account_id",
            "last_day",
            "live",
            name=op.f("uq_reconciliation_bank_account_id_last_day_live"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_reconciliation_number")),
    )
    op.create_index(
        op.f("ix_reconciliation_bank_account_id"),
        "reconciliation",
        ["bank_account_id"],
        unique=False,
    )

    op.create_table(
        "bank_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("check_number", sa.String(length=40), nullable=False),
        sa.Column("bank_id", sa.String(length=255), nullable=False),
        sa.Column("trace", sa.String(length=100), nullable=False),
        sa.Column("sender", sa.String(length=60), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_line_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["bank_statement.id"], name=op.f("fk_bank_line_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint(
            "bank_account_id",
            "key",
            "occurrence",
            "live",
            name=op.f("uq_bank_line_bank_account_id_key_occurrence_live"),
        ),
    )
    op.create_index(
        op.f("ix_bank_line_bank_account_id_amount"),
        "bank_line",
        ["bank_account_id", "amount"],
        unique=False,
    )
    op.create_index(
        op.f("ix_bank_line_bank_account_id_on_id"),
        "bank_line",
        ["bank_account_id", "on", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_bank_line_statement_id"), "bank_line", ["statement_id"], unique=False)
    op.create_index(op.f("ix_bank_line_trace"), "bank_line", ["trace"], unique=False)

    op.create_table(
        "bank_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("money_in", sa.Boolean(), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=True),
        sa.Column("cost_centre", sa.String(length=12), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("memo", sa.String(length=200), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(account IS NULL) <> (payer_id IS NULL)", name=op.f("ck_bank_rule_means_one")
        ),
        sa.ForeignKeyConstraint(["account"], ["account.code"], name=op.f("fk_bank_rule_account")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_rule_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["cost_centre"], ["cost_centre.code"], name=op.f("fk_bank_rule_cost_centre")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_bank_rule_made_by")),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_bank_rule_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_rule")),
    )
    op.create_table(
        "bank_match",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "by",
            sa.Enum(
                "trace",
                "payout",
                "slip",
                "amount",
                "sum",
                "rule",
                "hand",
                "offset",
                "suspense",
                name="matchedby",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("standing", "undone", name="matchstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "reconciliation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_match_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_bank_match_made_by")),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"],
            ["reconciliation.id"],
            name=op.f("fk_bank_match_reconciliation_id"),
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["bank_rule.id"], name=op.f("fk_bank_match_rule_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_bank_match_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_match")),
    )
    op.create_index(
        op.f("ix_bank_match_bank_account_id_status_on"),
        "bank_match",
        ["bank_account_id", "status", "on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_bank_match_reconciliation_id"), "bank_match", ["reconciliation_id"], unique=False
    )

    op.create_table(
        "bank_match_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("match_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "bank_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "live_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["bank_line_id"], ["bank_line.id"], name=op.f("fk_bank_match_line_bank_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["live_line_id"], ["bank_line.id"], name=op.f("fk_bank_match_line_live_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["bank_match.id"], name=op.f("fk_bank_match_line_match_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_match_line")),
        sa.UniqueConstraint("live_line_id", name=op.f("uq_bank_match_line_live_line_id")),
    )
    op.create_index(
        op.f("ix_bank_match_line_bank_line_id"), "bank_match_line", ["bank_line_id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_match_line_match_id"), "bank_match_line", ["match_id"], unique=False
    )

    op.create_table(
        "bank_suspense",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "bank_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_bank_suspense_amount_positive")),
        sa.ForeignKeyConstraint(
            ["bank_line_id"], ["bank_line.id"], name=op.f("fk_bank_suspense_bank_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_bank_suspense_entry_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_bank_suspense_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_suspense")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_bank_suspense_entry_id")),
        sa.UniqueConstraint("number", name=op.f("uq_bank_suspense_number")),
    )
    op.create_index(
        op.f("ix_bank_suspense_bank_line_id"), "bank_suspense", ["bank_line_id"], unique=False
    )
    op.create_index(op.f("ix_bank_suspense_payer_id"), "bank_suspense", ["payer_id"], unique=False)

    op.create_table(
        "due_reversal",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "done_entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["done_entry_id"], ["journal_entry.id"], name=op.f("fk_due_reversal_done_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_due_reversal_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_due_reversal")),
        sa.UniqueConstraint("done_entry_id", name=op.f("uq_due_reversal_done_entry_id")),
    )
    op.create_index(op.f("ix_due_reversal_on"), "due_reversal", ["on"], unique=False)

    op.create_table(
        "reconciliation_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reconciliation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("seen_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_reconciliation_item_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"],
            ["reconciliation.id"],
            name=op.f("fk_reconciliation_item_reconciliation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["staff.id"], name=op.f("fk_reconciliation_item_seen_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_item")),
        sa.UniqueConstraint(
            "reconciliation_id",
            "entry_id",
            name=op.f("uq_reconciliation_item_reconciliation_id_entry_id"),
        ),
    )
    op.create_index(
        op.f("ix_reconciliation_item_entry_id"), "reconciliation_item", ["entry_id"], unique=False
    )

    op.create_table(
        "recurring_posting",
        sa.Column(
            "recurring_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_recurring_posting_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["recurring_id"], ["recurring_entry.id"], name=op.f("fk_recurring_posting_recurring_id")
        ),
        sa.PrimaryKeyConstraint("recurring_id", "on", name=op.f("pk_recurring_posting")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_recurring_posting_entry_id")),
    )
    op.create_table(
        "year_close",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("live", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_why", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_year_close_closed_by")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_year_close_entry_id")
        ),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_year_close_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_close")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_year_close_entry_id")),
        sa.UniqueConstraint("live", name=op.f("uq_year_close_live")),
    )
    op.create_table(
        "deposit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "counter",
                "card",
                "eft",
                "suspense",
                name="depositkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("fees", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("cash", sa.JSON(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            sa.Enum("posted", "undone", name="depositstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "live_payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "suspense_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_why", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'suspense') = (suspense_id IS NOT NULL)", name=op.f("ck_deposit_from_suspense")
        ),
        sa.CheckConstraint("fees >= 0", name=op.f("ck_deposit_fees_not_negative")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_deposit_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_deposit_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["live_payout_id"], ["card_transaction.id"], name=op.f("fk_deposit_live_payout_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_deposit_made_by")),
        sa.ForeignKeyConstraint(
            ["suspense_id"], ["bank_suspense.id"], name=op.f("fk_deposit_suspense_id")
        ),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_deposit_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_deposit_entry_id")),
        sa.UniqueConstraint("live_payout_id", name=op.f("uq_deposit_live_payout_id")),
        sa.UniqueConstraint("number", name=op.f("uq_deposit_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_deposit_request_key")),
    )
    op.create_index(
        op.f("ix_deposit_bank_account_id_on"), "deposit", ["bank_account_id", "on"], unique=False
    )
    op.create_index(op.f("ix_deposit_on"), "deposit", ["on"], unique=False)
    op.create_index(op.f("ix_deposit_reference"), "deposit", ["reference"], unique=False)
    op.create_index(op.f("ix_deposit_suspense_id"), "deposit", ["suspense_id"], unique=False)

    op.create_table(
        "bank_match_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("match_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "suspense_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account"], ["account.code"], name=op.f("fk_bank_match_entry_account")
        ),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["deposit.id"], name=op.f("fk_bank_match_entry_deposit_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_bank_match_entry_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["bank_match.id"], name=op.f("fk_bank_match_entry_match_id")
        ),
        sa.ForeignKeyConstraint(
            ["suspense_id"], ["bank_suspense.id"], name=op.f("fk_bank_match_entry_suspense_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_match_entry")),
        sa.UniqueConstraint(
            "entry_id", "account", "live", name=op.f("uq_bank_match_entry_entry_id_account_live")
        ),
    )
    op.create_index(
        op.f("ix_bank_match_entry_deposit_id"), "bank_match_entry", ["deposit_id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_match_entry_match_id"), "bank_match_entry", ["match_id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_match_entry_suspense_id"), "bank_match_entry", ["suspense_id"], unique=False
    )

    op.create_table(
        "deposit_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "live_payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "live_refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "(payment_id IS NULL) <> (refund_id IS NULL)", name=op.f("ck_deposit_item_of_one")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_deposit_item_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["deposit.id"], name=op.f("fk_deposit_item_deposit_id")
        ),
        sa.ForeignKeyConstraint(
            ["live_payment_id"], ["payment.id"], name=op.f("fk_deposit_item_live_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["live_refund_id"], ["refund.id"], name=op.f("fk_deposit_item_live_refund_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_deposit_item_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refund.id"], name=op.f("fk_deposit_item_refund_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_item")),
        sa.UniqueConstraint("live_payment_id", name=op.f("uq_deposit_item_live_payment_id")),
        sa.UniqueConstraint("live_refund_id", name=op.f("uq_deposit_item_live_refund_id")),
    )
    op.create_index(
        op.f("ix_deposit_item_deposit_id"), "deposit_item", ["deposit_id"], unique=False
    )
    op.create_index(
        op.f("ix_deposit_item_payment_id"), "deposit_item", ["payment_id"], unique=False
    )
    op.create_index(op.f("ix_deposit_item_refund_id"), "deposit_item", ["refund_id"], unique=False)

    _add_reference("account", "parent", "VARCHAR(12)", "account (code)")
    op.add_column(
        "account",
        sa.Column(
            "flow",
            sa.Enum(
                "cash",
                "operating",
                "investing",
                "financing",
                name="cashflow",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "account", sa.Column("note", sa.String(length=300), nullable=False, server_default="")
    )
    op.add_column("account", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))

    _add_reference("card_transaction", "payout_id", _id_type(), "card_transaction (id)")
    op.create_index(
        op.f("ix_card_transaction_payout_id"), "card_transaction", ["payout_id"], unique=False
    )

    op.add_column("journal_entry", sa.Column("reference", sa.String(length=100), nullable=True))
    op.add_column("journal_entry", sa.Column("late_reason", sa.String(length=300), nullable=True))

    _add_reference("journal_line", "cost_centre", "VARCHAR(12)", "cost_centre (code)")
    op.add_column("journal_line", sa.Column("note", sa.String(length=200), nullable=True))

    _add_reference("remittance_line", "accepted_by", _id_type(), "staff (id)")
    op.add_column("remittance_line", sa.Column("accepted_at", sa.DateTime(), nullable=True))
    op.add_column(
        "remittance_line", sa.Column("accepted_why", sa.String(length=300), nullable=True)
    )
    _add_reference("provider", "cost_centre", "VARCHAR(12)", "cost_centre (code)")
    for guard in ledger_guards.append_only(op.get_bind().dialect.name, FROZEN):
        op.execute(guard)
    _plant()
    _tell_days_by_deposits()


def _add_reference(table: str, column: str, kind: str, target: str) -> None:
    """Add a column that names a row of another table; SQLite takes that only in the column."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {kind}"
        f" CONSTRAINT fk_{table}_{column} REFERENCES {target}"
    )


def _id_type() -> str:
    return "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"


def _tell_days_by_deposits() -> None:
    """Keep the days that were typed by hand in the payment's history: deposits tell them now."""
    for day in ("deposited_on", "banked_on"):
        op.execute(
            "INSERT INTO payment_change (payment_id, what, old, new, reason, at, staff_id)"
            f" SELECT id, '{day}', CAST({day} AS VARCHAR(30)), '', 'Deposits tell this day now',"
            f" posted_at, received_by FROM payment WHERE {day} IS NOT NULL"
        )
        op.execute(f"UPDATE payment SET {day} = NULL WHERE {day} IS NOT NULL")


def _plant() -> None:
    """Give a practice that exists what a new one starts with."""
    for code, name, kind in ACCOUNTS:
        op.execute(
            sa.text(
                "INSERT INTO account (code, name, type, system, active)"
                " SELECT :code, :name, :kind, :yes, :yes WHERE EXISTS (SELECT 1 FROM account)"
                " AND NOT EXISTS (SELECT 1 FROM account WHERE code = :code)"
            ).bindparams(sa.bindparam("yes", True, sa.Boolean()), code=code, name=name, kind=kind)
        )
    for flow, codes in FLOWS.items():
        for code in codes:
            op.execute(
                sa.text("UPDATE account SET flow = :flow WHERE code = :code").bindparams(
                    flow=flow, code=code
                )
            )
    # A practice that is new has no roles yet; one that is older gets the rights of its office.
    op.execute(
        sa.text(
            "INSERT INTO bank_account (name, bank, kind, ending, account, starts_with, active,"
            " is_default, version) SELECT 'Operating account', '', 'checking', '', '1000', 0, :yes,"
            " :yes, 1 WHERE EXISTS (SELECT 1 FROM account WHERE code = '1000')"
        ).bindparams(sa.bindparam("yes", True, sa.Boolean()))
    )
    for granted, roles in RIGHTS.items():
        for role in roles:
            op.execute(
                sa.text(
                    'INSERT INTO role_right (role, "right") SELECT :role, :granted'
                    " WHERE EXISTS (SELECT 1 FROM role_right WHERE role = :role)"
                ).bindparams(role=role, granted=granted)
            )
    for topic in TOPICS:
        op.execute(
            sa.text(
                "INSERT INTO change_counter (topic, version) SELECT :topic, 0"
                " WHERE EXISTS (SELECT 1 FROM change_counter)"
            ).bindparams(topic=topic)
        )


def downgrade() -> None:
    """Take back."""
    for granted in RIGHTS:
        op.execute(
            sa.text('DELETE FROM role_right WHERE "right" = :granted').bindparams(granted=granted)
        )
    for guard in ledger_guards.append_only(op.get_bind().dialect.name, FROZEN, drop=True):
        op.execute(guard)
    op.drop_column("provider", "cost_centre")

    op.drop_column("remittance_line", "accepted_why")
    op.drop_column("remittance_line", "accepted_at")
    op.drop_column("remittance_line", "accepted_by")
    op.drop_column("journal_line", "note")
    op.drop_column("journal_line", "cost_centre")

    op.drop_column("journal_entry", "late_reason")
    op.drop_column("journal_entry", "reference")

    op.drop_index(op.f("ix_card_transaction_payout_id"), table_name="card_transaction")
    op.drop_column("card_transaction", "payout_id")

    op.drop_column("account", "version")
    op.drop_column("account", "note")
    op.drop_column("account", "flow")
    op.drop_column("account", "parent")

    op.drop_index(op.f("ix_deposit_item_refund_id"), table_name="deposit_item")
    op.drop_index(op.f("ix_deposit_item_payment_id"), table_name="deposit_item")
    op.drop_index(op.f("ix_deposit_item_deposit_id"), table_name="deposit_item")

    op.drop_table("deposit_item")
    op.drop_index(op.f("ix_bank_match_entry_suspense_id"), table_name="bank_match_entry")
    op.drop_index(op.f("ix_bank_match_entry_match_id"), table_name="bank_match_entry")
    op.drop_index(op.f("ix_bank_match_entry_deposit_id"), table_name="bank_match_entry")

    op.drop_table("bank_match_entry")
    op.drop_index(op.f("ix_deposit_suspense_id"), table_name="deposit")
    op.drop_index(op.f("ix_deposit_reference"), table_name="deposit")
    op.drop_index(op.f("ix_deposit_on"), table_name="deposit")
    op.drop_index(op.f("ix_deposit_bank_account_id_on"), table_name="deposit")

    op.drop_table("deposit")
    op.drop_table("year_close")
    op.drop_table("recurring_posting")
    op.drop_index(op.f("ix_reconciliation_item_entry_id"), table_name="reconciliation_item")

    op.drop_table("reconciliation_item")
    op.drop_index(op.f("ix_due_reversal_on"), table_name="due_reversal")

    op.drop_table("due_reversal")
    op.drop_index(op.f("ix_bank_suspense_payer_id"), table_name="bank_suspense")
    op.drop_index(op.f("ix_bank_suspense_bank_line_id"), table_name="bank_suspense")

    op.drop_table("bank_suspense")
    op.drop_index(op.f("ix_bank_match_line_match_id"), table_name="bank_match_line")
    op.drop_index(op.f("ix_bank_match_line_bank_line_id"), table_name="bank_match_line")

    op.drop_table("bank_match_line")
    op.drop_index(op.f("ix_bank_match_reconciliation_id"), table_name="bank_match")
    op.drop_index(op.f("ix_bank_match_bank_account_id_status_on"), table_name="bank_match")

    op.drop_table("bank_match")
    op.drop_table("bank_rule")
    op.drop_index(op.f("ix_bank_line_trace"), table_name="bank_line")
    op.drop_index(op.f("ix_bank_line_statement_id"), table_name="bank_line")
    op.drop_index(op.f("ix_bank_line_bank_account_id_on_id"), table_name="bank_line")
    op.drop_index(op.f("ix_bank_line_bank_account_id_amount"), table_name="bank_line")

    op.drop_table("bank_line")
    op.drop_index(op.f("ix_reconciliation_bank_account_id"), table_name="reconciliation")

    op.drop_table("reconciliation")
    op.drop_index(op.f("ix_budget_line_budget_id_account_month"), table_name="budget_line")

    op.drop_table("budget_line")
    op.drop_index(op.f("ix_bank_statement_sha256"), table_name="bank_statement")
    op.drop_index(op.f("ix_bank_statement_bank_account_id_last_day"), table_name="bank_statement")

    op.drop_table("bank_statement")
    op.drop_index(op.f("ix_recurring_entry_next_on"), table_name="recurring_entry")

    op.drop_table("recurring_entry")
    op.drop_index(op.f("ix_period_change_month"), table_name="period_change")

    op.drop_table("period_change")
    op.drop_index(op.f("ix_budget_first_month"), table_name="budget")

    op.drop_table("budget")
    op.drop_table("bank_layout")
    op.drop_table("bank_account")
    op.drop_table("cost_centre")
    op.drop_table("accounting_period")
