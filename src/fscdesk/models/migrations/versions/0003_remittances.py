"""Remittances, recoupments, their rules; alerts, the work queue and its jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


TOPICS = ("queue", "remittances")
ACCOUNTS = (
    ("4320", "Capitation and payer bonuses", "income"),
    ("7620", "Payer penalties and levies", "expense"),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "job_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("result", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_job_run_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("key", name=op.f("uq_job_run_key")),
    )
    op.create_index(op.f("ix_job_run_day"), "job_run", ["day"], unique=False)

    op.create_table(
        "remittance_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("oddities", sa.Text(), nullable=False),
        sa.Column("read_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["read_by"], ["staff.id"], name=op.f("fk_remittance_file_read_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_remittance_file_sha256")),
    )
    op.create_table(
        "work_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "assigned_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seen", sa.String(length=80), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "changed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["staff.id"], name=op.f("fk_work_item_assigned_to")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_work_item_changed_by")),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_work_item_done_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sa.UniqueConstraint("key", name=op.f("uq_work_item_key")),
    )
    op.create_index(op.f("ix_work_item_assigned_to"), "work_item", ["assigned_to"], unique=False)
    op.create_index(
        op.f("ix_work_item_snoozed_until"), "work_item", ["snoozed_until"], unique=False
    )

    op.create_table(
        "remittance_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group_code", sa.String(length=24), nullable=False),
        sa.Column("carc", sa.String(length=24), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "write_off",
                "adjust",
                "patient",
                "deny",
                "track",
                "block",
                name="ruleaction",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["payer.id"], name=op.f("fk_remittance_rule_payer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance_rule")),
        sa.UniqueConstraint("key", name=op.f("uq_remittance_rule_key")),
    )
    op.create_index(
        op.f("ix_remittance_rule_payer_id"), "remittance_rule", ["payer_id"], unique=False
    )

    op.create_table(
        "remittance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("era", "typed", name="remittanceorigin", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("control", sa.String(length=40), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payer_name", sa.String(length=200), nullable=False),
        sa.Column("payer_code", sa.String(length=80), nullable=False),
        sa.Column("payee_npi", sa.String(length=20), nullable=False),
        sa.Column("trace", sa.String(length=60), nullable=False),
        sa.Column("identity", sa.String(length=160), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=24), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("check_off", sa.BigInteger(), nullable=False),
        sa.Column("claims_off", sa.Integer(), nullable=False),
        sa.Column("services_off", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "to_post",
                "partly",
                "posted",
                "undone",
                "stopped",
                name="remittancestatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("unposted", sa.Integer(), nullable=False),
        sa.Column(
            "conflict_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("read_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("posted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("posted_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conflict_id"], ["remittance.id"], name=op.f("fk_remittance_conflict_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["remittance_file.id"], name=op.f("fk_remittance_file_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_remittance_payer_id")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_remittance_payment_id")
        ),
        sa.ForeignKeyConstraint(["posted_by"], ["staff.id"], name=op.f("fk_remittance_posted_by")),
        sa.ForeignKeyConstraint(["read_by"], ["staff.id"], name=op.f("fk_remittance_read_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance")),
        sa.UniqueConstraint("identity", name=op.f("uq_remittance_identity")),
        sa.UniqueConstraint("number", name=op.f("uq_remittance_number")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_remittance_payment_id")),
    )
    op.create_index(op.f("ix_remittance_amount_id"), "remittance", ["amount", "id"], unique=False)
    op.create_index(op.f("ix_remittance_file_id"), "remittance", ["file_id"], unique=False)
    op.create_index(op.f("ix_remittance_paid_on_id"), "remittance", ["paid_on", "id"], unique=False)
    op.create_index(
        op.f("ix_remittance_payer_id_paid_on"), "remittance", ["payer_id", "paid_on"], unique=False
    )
    op.create_index(
        op.f("ix_remittance_status_paid_on"), "remittance", ["status", "paid_on"], unique=False
    )
    op.create_index(op.f("ix_remittance_trace"), "remittance", ["trace"], unique=False)

    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "low",
                "medium",
                "high",
                "critical",
                name="alertseverity",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("live", sa.String(length=80), nullable=True),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "remittance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "assigned_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open", "acknowledged", "resolved", name="alertstatus", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("seen_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("resolved_at", sa.DateTime(), nullable=True),
        sa.Column(
            "resolved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_to"], ["staff.id"], name=op.f("fk_alert_assigned_to")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_alert_claim_id")),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["remittance.id"], name=op.f("fk_alert_remittance_id")
        ),
        sa.ForeignKeyConstraint(["resolved_by"], ["staff.id"], name=op.f("fk_alert_resolved_by")),
        sa.ForeignKeyConstraint(["seen_by"], ["staff.id"], name=op.f("fk_alert_seen_by")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_alert_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("live", name=op.f("uq_alert_live")),
    )
    op.create_index(
        op.f("ix_alert_assigned_to_status"), "alert", ["assigned_to", "status"], unique=False
    )
    op.create_index(op.f("ix_alert_claim_id"), "alert", ["claim_id"], unique=False)
    op.create_index(op.f("ix_alert_remittance_id"), "alert", ["remittance_id"], unique=False)
    op.create_index(op.f("ix_alert_session_id"), "alert", ["session_id"], unique=False)
    op.create_index(op.f("ix_alert_status_severity"), "alert", ["status", "severity"], unique=False)

    op.create_table(
        "remittance_claim",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "remittance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=50), nullable=False),
        sa.Column("status_code", sa.String(length=24), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("patient_share", sa.BigInteger(), nullable=False),
        sa.Column("payer_number", sa.String(length=50), nullable=False),
        sa.Column("frequency", sa.String(length=24), nullable=False),
        sa.Column("patient_name", sa.String(length=200), nullable=False),
        sa.Column("member_id", sa.String(length=80), nullable=False),
        sa.Column("corrected", sa.String(length=300), nullable=False),
        sa.Column("forwarded_to", sa.String(length=200), nullable=False),
        sa.Column("forwarded", sa.Boolean(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column("remarks", sa.String(length=200), nullable=False),
        sa.Column("adjustments", sa.Text(), nullable=False),
        sa.Column("off", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("matched_by", sa.String(length=24), nullable=False),
        sa.Column(
            "fate",
            sa.Enum("posted", "unposted", "closed", name="fate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_remittance_claim_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["staff.id"], name=op.f("fk_remittance_claim_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_remittance_claim_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["remittance.id"], name=op.f("fk_remittance_claim_remittance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance_claim")),
        sa.UniqueConstraint(
            "remittance_id", "position", name=op.f("uq_remittance_claim_remittance_id_position")
        ),
    )
    op.create_index(
        op.f("ix_remittance_claim_claim_id"), "remittance_claim", ["claim_id"], unique=False
    )
    op.create_index(
        op.f("ix_remittance_claim_fate_why"), "remittance_claim", ["fate", "why"], unique=False
    )
    op.create_index(
        op.f("ix_remittance_claim_number"), "remittance_claim", ["number"], unique=False
    )
    op.create_index(
        op.f("ix_remittance_claim_patient_id"), "remittance_claim", ["patient_id"], unique=False
    )
    op.create_index(
        op.f("ix_remittance_claim_payer_number"), "remittance_claim", ["payer_number"], unique=False
    )

    op.create_table(
        "recoupment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "remittance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "remittance_claim_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "will_take",
                "taken",
                "interest",
                "capitation",
                "penalty",
                "to_explain",
                name="recoupmentkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason_code", sa.String(length=24), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("provider", sa.String(length=50), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("credit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.code"], name=op.f("fk_recoupment_account")),
        sa.ForeignKeyConstraint(["credit_id"], ["credit.id"], name=op.f("fk_recoupment_credit_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_recoupment_entry_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_recoupment_payer_id")),
        sa.ForeignKeyConstraint(
            ["remittance_claim_id"],
            ["remittance_claim.id"],
            name=op.f("fk_recoupment_remittance_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["remittance.id"], name=op.f("fk_recoupment_remittance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recoupment")),
        sa.UniqueConstraint("credit_id", name=op.f("uq_recoupment_credit_id")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_recoupment_entry_id")),
        sa.UniqueConstraint("number", name=op.f("uq_recoupment_number")),
    )
    op.create_index(
        "ix_recoupment_open",
        "recoupment",
        ["payer_id", "on"],
        unique=False,
        sqlite_where=sa.text("open <> 0"),
        postgresql_where=sa.text("open <> 0"),
    )
    op.create_index(op.f("ix_recoupment_payer_id"), "recoupment", ["payer_id"], unique=False)
    op.create_index(op.f("ix_recoupment_reference"), "recoupment", ["reference"], unique=False)
    op.create_index(
        op.f("ix_recoupment_remittance_id"), "recoupment", ["remittance_id"], unique=False
    )

    op.create_table(
        "remittance_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "remittance_claim_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.String(length=50), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("modifiers", sa.String(length=24), nullable=False),
        sa.Column("billed_code", sa.String(length=24), nullable=False),
        sa.Column("units", sa.String(length=16), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("allowed", sa.BigInteger(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("adjustments", sa.Text(), nullable=False),
        sa.Column("remarks", sa.String(length=200), nullable=False),
        sa.Column(
            "claim_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("matched_by", sa.String(length=24), nullable=False),
        sa.Column(
            "fate",
            sa.Enum("posted", "unposted", "closed", name="fate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("wrote_off", sa.BigInteger(), nullable=False),
        sa.Column("to_patient", sa.BigInteger(), nullable=False),
        sa.Column("denied", sa.String(length=24), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column(
            "reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["charge.id"], name=op.f("fk_remittance_line_charge_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_line_id"], ["claim_line.id"], name=op.f("fk_remittance_line_claim_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["remittance_claim_id"],
            ["remittance_claim.id"],
            name=op.f("fk_remittance_line_remittance_claim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["remittance_line.id"], name=op.f("fk_remittance_line_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance_line")),
        sa.UniqueConstraint(
            "remittance_claim_id",
            "position",
            name=op.f("uq_remittance_line_remittance_claim_id_position"),
        ),
    )
    op.create_index(
        op.f("ix_remittance_line_charge_id"), "remittance_line", ["charge_id"], unique=False
    )
    op.create_index(
        op.f("ix_remittance_line_claim_line_id"), "remittance_line", ["claim_line_id"], unique=False
    )
    op.create_index(
        op.f("ix_remittance_line_reverses_id"), "remittance_line", ["reverses_id"], unique=False
    )

    op.create_table(
        "recoupment_pair",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account", sa.String(length=12), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(other_id IS NULL) <> (account IS NULL)",
            name=op.f("ck_recoupment_pair_settled_by_one"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_recoupment_pair_amount_positive")),
        sa.ForeignKeyConstraint(
            ["account"], ["account.code"], name=op.f("fk_recoupment_pair_account")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_recoupment_pair_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["recoupment.id"], name=op.f("fk_recoupment_pair_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["recoupment.id"], name=op.f("fk_recoupment_pair_other_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_recoupment_pair_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recoupment_pair")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_recoupment_pair_entry_id")),
    )
    op.create_index(
        op.f("ix_recoupment_pair_item_id"), "recoupment_pair", ["item_id"], unique=False
    )
    op.create_index(
        op.f("ix_recoupment_pair_other_id"), "recoupment_pair", ["other_id"], unique=False
    )

    op.add_column(
        "payer",
        sa.Column("accepts_assignment", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column(
        "payer",
        sa.Column(
            "automation",
            sa.Enum(
                "review", "one_click", "automatic", name="automation", native_enum=False, length=24
            ),
            nullable=False,
            server_default="one_click",
        ),
    )

    op.add_column(
        "policy",
        sa.Column("benefits_assigned", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column(
        "policy",
        sa.Column("release_signed", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    # A new practice gets them with its chart; one that is older already has one.
    for code, name, kind in ACCOUNTS:
        op.execute(
            sa.text(
                "INSERT INTO account (code, name, type, system, active)"
                " SELECT :code, :name, :kind, :yes, :yes WHERE EXISTS (SELECT 1 FROM account)"
                " AND NOT EXISTS (SELECT 1 FROM account WHERE code = :code)"
            ).bindparams(sa.bindparam("yes", True, sa.Boolean()), code=code, name=name, kind=kind)
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
    op.drop_column("policy", "release_signed")
    op.drop_column("policy", "benefits_assigned")

    op.drop_column("payer", "automation")
    op.drop_column("payer", "accepts_assignment")

    op.drop_index(op.f("ix_recoupment_pair_other_id"), table_name="recoupment_pair")
    op.drop_index(op.f("ix_recoupment_pair_item_id"), table_name="recoupment_pair")

    op.drop_table("recoupment_pair")
    op.drop_index(op.f("ix_remittance_line_reverses_id"), table_name="remittance_line")
    op.drop_index(op.f("ix_remittance_line_claim_line_id"), table_name="remittance_line")
    op.drop_index(op.f("ix_remittance_line_charge_id"), table_name="remittance_line")

    op.drop_table("remittance_line")
    op.drop_index(op.f("ix_recoupment_remittance_id"), table_name="recoupment")
    op.drop_index(op.f("ix_recoupment_reference"), table_name="recoupment")
    op.drop_index(op.f("ix_recoupment_payer_id"), table_name="recoupment")
    op.drop_index(
        "ix_recoupment_open",
        table_name="recoupment",
        sqlite_where=sa.text("open <> 0"),
        postgresql_where=sa.text("open <> 0"),
    )

    op.drop_table("recoupment")
    op.drop_index(op.f("ix_remittance_claim_payer_number"), table_name="remittance_claim")
    op.drop_index(op.f("ix_remittance_claim_patient_id"), table_name="remittance_claim")
    op.drop_index(op.f("ix_remittance_claim_number"), table_name="remittance_claim")
    op.drop_index(op.f("ix_remittance_claim_fate_why"), table_name="remittance_claim")
    op.drop_index(op.f("ix_remittance_claim_claim_id"), table_name="remittance_claim")

    op.drop_table("remittance_claim")
    op.drop_index(op.f("ix_alert_status_severity"), table_name="alert")
    op.drop_index(op.f("ix_alert_session_id"), table_name="alert")
    op.drop_index(op.f("ix_alert_remittance_id"), table_name="alert")
    op.drop_index(op.f("ix_alert_claim_id"), table_name="alert")
    op.drop_index(op.f("ix_alert_assigned_to_status"), table_name="alert")

    op.drop_table("alert")
    op.drop_index(op.f("ix_remittance_trace"), table_name="remittance")
    op.drop_index(op.f("ix_remittance_status_paid_on"), table_name="remittance")
    op.drop_index(op.f("ix_remittance_payer_id_paid_on"), table_name="remittance")
    op.drop_index(op.f("ix_remittance_paid_on_id"), table_name="remittance")
    op.drop_index(op.f("ix_remittance_file_id"), table_name="remittance")
    op.drop_index(op.f("ix_remittance_amount_id"), table_name="remittance")

    op.drop_table("remittance")
    op.drop_index(op.f("ix_remittance_rule_payer_id"), table_name="remittance_rule")

    op.drop_table("remittance_rule")
    op.drop_index(op.f("ix_work_item_snoozed_until"), table_name="work_item")
    op.drop_index(op.f("ix_work_item_assigned_to"), table_name="work_item")

    op.drop_table("work_item")
    op.drop_table("remittance_file")
    op.drop_index(op.f("ix_job_run_day"), table_name="job_run")

    op.drop_table("job_run")
