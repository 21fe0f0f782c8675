"""Claims: built, scrubbed, sent, followed; and what claims need of payers, policies and people."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import op

from fscdesk.models.migrations import ledger_guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


FROZEN = ("claim_status_history", "claim_change")
GRANTED = ("admin", "billing_manager", "billing_clerk")
RIGHTS = ("make_claims", "send_claims")
# What a new practice starts with (resources/seeds/claim_rules.csv), as it was with this schema.
RULES = (
    (
        "Video: modifier 95",
        [
            ("place_of_service", "one_of", ["02", "10"]),
            ("public_program", "one_of", ["no"]),
            ("modifiers", "not_one_of", ["93", "95", "GT"]),
        ],
        "set",
        "modifiers",
        "+95",
        "",
    ),
    (
        "Audio only: modifier 93 without 95",
        [("modifiers", "one_of", ["93"])],
        "set",
        "modifiers",
        "-95",
        "",
    ),
    (
        "A supervised clinician names the supervisor",
        [("has_supervisor", "one_of", ["yes"])],
        "set",
        "supervising",
        "own_supervisor",
        "",
    ),
    (
        "A supervised clinician and a public program",
        [("has_supervisor", "one_of", ["yes"]), ("public_program", "one_of", ["yes"])],
        "warn",
        "",
        "",
        (
            "The clinician works under supervision. Many public programs do not pay for that, or "
            "want it billed under the supervisor: look at what this one wants."
        ),
    ),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "rule_severity",
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column(
            "severity",
            sa.Enum("stops", "warns", "tells", name="severity", native_enum=False, length=24),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_rule_severity")),
    )
    op.create_table(
        "acknowledgment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("999", "277CA", name="acknowledgmentkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("unmatched", sa.Integer(), nullable=False),
        sa.Column("read_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["read_by"], ["staff.id"], name=op.f("fk_acknowledgment_read_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgment")),
        sa.UniqueConstraint("sha256", name=op.f("uq_acknowledgment_sha256")),
    )
    op.create_table(
        "claim_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "route",
            sa.Enum("electronic", "paper", "portal", name="route", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "acknowledged",
                "rejected",
                "undone",
                name="batchstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("interchange", sa.String(length=24), nullable=False),
        sa.Column("group_control", sa.String(length=24), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_claim_batch_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_claim_batch_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_claim_batch_request_key")),
    )
    op.create_index(
        op.f("ix_claim_batch_interchange"), "claim_batch", ["interchange"], unique=False
    )
    op.create_index(op.f("ix_claim_batch_made_at"), "claim_batch", ["made_at"], unique=False)

    op.create_table(
        "claim_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column(
            "act",
            sa.Enum("set", "hold", "warn", name="ruleact", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("field", sa.String(length=48), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from",
            name=op.f("ck_claim_rule_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_claim_rule_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_rule")),
    )
    op.create_index(op.f("ix_claim_rule_payer_id"), "claim_rule", ["payer_id"], unique=False)
    op.create_index(op.f("ix_claim_rule_position"), "claim_rule", ["position"], unique=False)

    op.create_table(
        "supervision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "provider_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "supervisor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from",
            name=op.f("ck_supervision_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_supervision_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["provider.id"], name=op.f("fk_supervision_supervisor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
    )
    op.create_index(
        op.f("ix_supervision_provider_id"), "supervision", ["provider_id"], unique=False
    )

    op.create_table(
        "referral",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("qualifier", sa.String(length=24), nullable=False),
        sa.Column("last_name", sa.String(length=200), nullable=False),
        sa.Column("first_name", sa.String(length=200), nullable=False),
        sa.Column("npi", sa.String(length=24), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_referral_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_referral_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_patient_id"), "referral", ["patient_id"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "professional", "institutional", name="claimtype", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column(
            "rendering_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "supervising_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("place_of_service", sa.String(length=24), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "scrubbed",
                "submitted",
                "acknowledged",
                "accepted",
                "pending",
                "partially_paid",
                "paid",
                "denied",
                "appealing",
                "rejected",
                "closed",
                "void",
                name="claimstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("status_since", sa.Date(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum("1", "7", "8", name="frequency", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "primary_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("payer_number", sa.String(length=50), nullable=False),
        sa.Column("original_number", sa.String(length=50), nullable=False),
        sa.Column(
            "authorization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note", sa.String(length=80), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("held_for", sa.String(length=300), nullable=False),
        sa.Column("wait_for", sa.String(length=300), nullable=False),
        sa.Column("crossed_over", sa.Boolean(), nullable=False),
        sa.Column("outdated", sa.String(length=300), nullable=False),
        sa.Column("scrubbed_at", sa.DateTime(), nullable=True),
        sa.Column("stops", sa.Integer(), nullable=False),
        sa.Column("warns", sa.Integer(), nullable=False),
        sa.Column("first_sent_on", sa.Date(), nullable=True),
        sa.Column("last_sent_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("denied_on", sa.Date(), nullable=True),
        sa.Column("reason_code", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "assigned_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("next_action", sa.String(length=200), nullable=False),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 1 AND 3", name=op.f("ck_claim_rank_known")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_claim_total_not_negative")),
        sa.ForeignKeyConstraint(["assigned_to"], ["staff.id"], name=op.f("fk_claim_assigned_to")),
        sa.ForeignKeyConstraint(
            ["authorization_id"], ["authorization.id"], name=op.f("fk_claim_authorization_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_claim_location_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_claim_made_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_claim_patient_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_claim_payer_id")),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name=op.f("fk_claim_policy_id")),
        sa.ForeignKeyConstraint(["primary_id"], ["claim.id"], name=op.f("fk_claim_primary_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_claim_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["rendering_id"], ["provider.id"], name=op.f("fk_claim_rendering_id")
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["claim.id"], name=op.f("fk_claim_replaces_id")),
        sa.ForeignKeyConstraint(
            ["supervising_id"], ["provider.id"], name=op.f("fk_claim_supervising_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("number", name=op.f("uq_claim_number")),
    )
    op.create_index("ix_claim_by_payer", "claim", ["payer_id", "status", "first_day"], unique=False)
    op.create_index("ix_claim_by_status", "claim", ["status", "first_day", "id"], unique=False)
    op.create_index("ix_claim_next_action", "claim", ["next_action_on"], unique=False)
    op.create_index(op.f("ix_claim_patient_id"), "claim", ["patient_id"], unique=False)
    op.create_index(op.f("ix_claim_payer_number"), "claim", ["payer_number"], unique=False)
    op.create_index(op.f("ix_claim_policy_id"), "claim", ["policy_id"], unique=False)
    op.create_index(op.f("ix_claim_primary_id"), "claim", ["primary_id"], unique=False)
    op.create_index(op.f("ix_claim_rendering_id"), "claim", ["rendering_id"], unique=False)
    op.create_index(op.f("ix_claim_replaces_id"), "claim", ["replaces_id"], unique=False)

    op.create_table(
        "eligibility_check",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("trace", sa.String(length=24), nullable=False),
        sa.Column(
            "patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("plan_name", sa.String(length=200), nullable=False),
        sa.Column("refusal", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff.id"], name=op.f("fk_eligibility_check_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_eligibility_check_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy.id"], name=op.f("fk_eligibility_check_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_check")),
        sa.UniqueConstraint("trace", name=op.f("uq_eligibility_check_trace")),
    )
    op.create_index(
        op.f("ix_eligibility_check_patient_id_asked_at"),
        "eligibility_check",
        ["patient_id", "asked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_eligibility_check_policy_id"), "eligibility_check", ["policy_id"], unique=False
    )
    op.create_index(
        op.f("ix_eligibility_check_sha256"), "eligibility_check", ["sha256"], unique=False
    )

    op.create_table(
        "acknowledgment_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "acknowledgment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference", sa.String(length=50), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("codes", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["acknowledgment_id"],
            ["acknowledgment.id"],
            name=op.f("fk_acknowledgment_item_acknowledgment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["claim_batch.id"], name=op.f("fk_acknowledgment_item_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_acknowledgment_item_claim_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgment_item")),
        sa.UniqueConstraint(
            "acknowledgment_id",
            "position",
            name=op.f("uq_acknowledgment_item_acknowledgment_id_position"),
        ),
    )
    op.create_index(
        op.f("ix_acknowledgment_item_batch_id"), "acknowledgment_item", ["batch_id"], unique=False
    )
    op.create_index(
        op.f("ix_acknowledgment_item_claim_id"), "acknowledgment_item", ["claim_id"], unique=False
    )

    op.create_table(
        "appeal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_appeal_claim_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_appeal_document_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_appeal_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("claim_id", "level", name=op.f("uq_appeal_claim_id_level")),
    )
    op.create_table(
        "claim_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=48), nullable=False),
        sa.Column("old", sa.String(length=300), nullable=False),
        sa.Column("new", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_change_claim_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_claim_change_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_change")),
    )
    op.create_index(op.f("ix_claim_change_claim_id"), "claim_change", ["claim_id"], unique=False)

    op.create_table(
        "claim_diagnosis",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_diagnosis_claim_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_diagnosis")),
        sa.UniqueConstraint(
            "claim_id", "position", name=op.f("uq_claim_diagnosis_claim_id_position")
        ),
    )
    op.create_table(
        "claim_finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column(
            "severity",
            sa.Enum("stops", "warns", "tells", name="severity", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("field", sa.String(length=48), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(length=400), nullable=False),
        sa.Column("hint", sa.String(length=400), nullable=False),
        sa.Column(
            "accepted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["staff.id"], name=op.f("fk_claim_finding_accepted_by")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_finding_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_finding")),
    )
    op.create_index(
        op.f("ix_claim_finding_claim_id_severity"),
        "claim_finding",
        ["claim_id", "severity"],
        unique=False,
    )
    op.create_index(op.f("ix_claim_finding_rule"), "claim_finding", ["rule"], unique=False)

    op.create_table(
        "claim_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("live", sa.String(length=32), nullable=True),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("modifiers", sa.String(length=24), nullable=False),
        sa.Column("place_of_service", sa.String(length=24), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("pointers", sa.String(length=24), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_claim_line_units_positive")),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("fk_claim_line_charge_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_line_claim_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_claim_line_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_line")),
        sa.UniqueConstraint("claim_id", "position", name=op.f("uq_claim_line_claim_id_position")),
        sa.UniqueConstraint("live", name=op.f("uq_claim_line_live")),
    )
    op.create_index(op.f("ix_claim_line_charge_id"), "claim_line", ["charge_id"], unique=False)
    op.create_index(op.f("ix_claim_line_session_id"), "claim_line", ["session_id"], unique=False)

    op.create_table(
        "claim_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_note_claim_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_claim_note_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_note")),
        sa.UniqueConstraint("request_key", name=op.f("uq_claim_note_request_key")),
    )
    op.create_index(
        op.f("ix_claim_note_claim_id_at"), "claim_note", ["claim_id", "at"], unique=False
    )

    op.create_table(
        "claim_sending",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transaction", sa.String(length=24), nullable=False),
        sa.Column("status_before", sa.String(length=24), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["claim_batch.id"], name=op.f("fk_claim_sending_batch_id")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_sending_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_sending")),
        sa.UniqueConstraint(
            "batch_id", "claim_id", name=op.f("uq_claim_sending_batch_id_claim_id")
        ),
    )
    op.create_index(op.f("ix_claim_sending_claim_id"), "claim_sending", ["claim_id"], unique=False)

    op.create_table(
        "claim_status_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("old", sa.String(length=24), nullable=True),
        sa.Column("new", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_status_history_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_claim_status_history_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_status_history")),
    )
    op.create_index(
        op.f("ix_claim_status_history_claim_id"), "claim_status_history", ["claim_id"], unique=False
    )
    op.create_index(
        op.f("ix_claim_status_history_day"), "claim_status_history", ["day"], unique=False
    )

    op.create_table(
        "eligibility_fact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("check_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("service", sa.String(length=24), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("network", sa.String(length=24), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"], ["eligibility_check.id"], name=op.f("fk_eligibility_fact_check_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_fact")),
    )
    op.create_index(
        op.f("ix_eligibility_fact_check_id"), "eligibility_fact", ["check_id"], unique=False
    )

    op.create_table(
        "authorization_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "authorization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "claim_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization_id"],
            ["authorization.id"],
            name=op.f("fk_authorization_use_authorization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_line_id"], ["claim_line.id"], name=op.f("fk_authorization_use_claim_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorization_use")),
        sa.UniqueConstraint("claim_line_id", name=op.f("uq_authorization_use_claim_line_id")),
    )
    op.create_index(
        op.f("ix_authorization_use_authorization_id"),
        "authorization_use",
        ["authorization_id"],
        unique=False,
    )

    op.create_table(
        "portal_check",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "sending_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["sending_id"], ["claim_sending.id"], name=op.f("fk_portal_check_sending_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_portal_check_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_check")),
        sa.UniqueConstraint("sending_id", "step", name=op.f("uq_portal_check_sending_id_step")),
    )
    op.add_column(
        "authorization",
        sa.Column(
            "counts",
            sa.Enum("visits", "units", name="counts", native_enum=False, length=24),
            nullable=False,
            server_default="visits",
        ),
    )
    op.add_column(
        "authorization", sa.Column("used_before", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "authorization", sa.Column("note", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "authorization", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )

    op.add_column(
        "location", sa.Column("city", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "location", sa.Column("state", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "location", sa.Column("zip_code", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "location", sa.Column("npi", sa.String(length=24), nullable=False, server_default="")
    )

    op.add_column(
        "patient", sa.Column("sex", sa.String(length=24), nullable=False, server_default="")
    )
    op.add_column(
        "patient", sa.Column("first_name", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "patient", sa.Column("last_name", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "patient", sa.Column("address1", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "patient", sa.Column("address2", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "patient", sa.Column("city", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "patient", sa.Column("state", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "patient", sa.Column("zip_code", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "patient", sa.Column("phone", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "patient", sa.Column("hold_claims", sa.Boolean(), nullable=False, server_default=sa.false())
    )

    op.add_column("payer", sa.Column("corrected_days", sa.Integer(), nullable=True))
    op.add_column("payer", sa.Column("appeal_days", sa.Integer(), nullable=True))
    op.add_column(
        "payer",
        sa.Column(
            "route",
            sa.Enum("electronic", "paper", "portal", name="route", native_enum=False, length=24),
            nullable=False,
            server_default="electronic",
        ),
    )
    op.add_column(
        "payer",
        sa.Column("filing_indicator", sa.String(length=24), nullable=False, server_default="CI"),
    )
    op.add_column(
        "payer",
        sa.Column("member_id_pattern", sa.String(length=80), nullable=False, server_default=""),
    )
    op.add_column(
        "payer",
        sa.Column("wants_referral", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "payer", sa.Column("address1", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "payer", sa.Column("address2", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "payer", sa.Column("city", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "payer", sa.Column("state", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "payer", sa.Column("zip_code", sa.String(length=200), nullable=False, server_default="")
    )

    op.add_column(
        "policy", sa.Column("plan_name", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column(
        "policy",
        sa.Column(
            "relationship",
            sa.Enum(
                "self",
                "spouse",
                "child",
                "other",
                name="relationship",
                native_enum=False,
                length=24,
            ),
            nullable=False,
            server_default="self",
        ),
    )
    op.add_column(
        "policy",
        sa.Column("subscriber_first", sa.String(length=200), nullable=False, server_default=""),
    )
    op.add_column(
        "policy",
        sa.Column("subscriber_last", sa.String(length=200), nullable=False, server_default=""),
    )
    op.add_column("policy", sa.Column("subscriber_birth", sa.Date(), nullable=True))
    op.add_column(
        "policy",
        sa.Column("subscriber_sex", sa.String(length=24), nullable=False, server_default=""),
    )
    op.add_column(
        "policy",
        sa.Column("subscriber_address1", sa.String(length=200), nullable=False, server_default=""),
    )
    op.add_column(
        "policy",
        sa.Column("subscriber_city", sa.String(length=200), nullable=False, server_default=""),
    )
    op.add_column(
        "policy",
        sa.Column("subscriber_state", sa.String(length=200), nullable=False, server_default=""),
    )
    op.add_column(
        "policy",
        sa.Column("subscriber_zip", sa.String(length=200), nullable=False, server_default=""),
    )

    op.add_column(
        "practice",
        sa.Column("tax_id_kind", sa.String(length=24), nullable=False, server_default="EI"),
    )
    op.add_column(
        "practice", sa.Column("taxonomy", sa.String(length=24), nullable=False, server_default="")
    )

    op.add_column(
        "provider",
        sa.Column("first_name", sa.String(length=200), nullable=False, server_default=""),
    )
    op.add_column(
        "provider", sa.Column("last_name", sa.String(length=200), nullable=False, server_default="")
    )
    for guard in ledger_guards.append_only(op.get_bind().dialect.name, FROZEN):
        op.execute(guard)
    # A practice that is new has no roles yet; one that is older gets the rights of its office.
    for role in GRANTED:
        for right in RIGHTS:
            op.execute(
                sa.text(
                    'INSERT INTO role_right (role, "right") SELECT :role, :granted'
                    " WHERE EXISTS (SELECT 1 FROM role_right WHERE role = :role)"
                ).bindparams(role=role, granted=right)
            )
    op.execute(
        "INSERT INTO change_counter (topic, version) SELECT 'claims', 0"
        " WHERE EXISTS (SELECT 1 FROM change_counter)"
    )
    _plant_rules()


def _plant_rules() -> None:
    """Give a practice that exists the rules that a new one starts with."""
    if op.get_bind().execute(sa.text("SELECT 1 FROM practice")).first() is None:
        return
    table = sa.table(
        "claim_rule",
        *(sa.column(name) for name in ("name", "position", "act", "field", "value", "message")),
        sa.column("conditions", sa.JSON),
        sa.column("valid_from", sa.Date),
        sa.column("active", sa.Boolean),
        sa.column("version", sa.Integer),
    )
    op.bulk_insert(
        table,
        [
            {
                "name": name,
                "position": position,
                "conditions": {
                    "all": [
                        {"field": one, "is": test, "values": values}
                        for one, test, values in conditions
                    ]
                },
                "act": act,
                "field": field,
                "value": value,
                "message": message,
                "valid_from": date(2023, 1, 1),
                "active": True,
                "version": 1,
            }
            for position, (name, conditions, act, field, value, message) in enumerate(
                RULES, start=1
            )
        ],
    )


def downgrade() -> None:
    """Take back."""
    for guard in ledger_guards.append_only(op.get_bind().dialect.name, FROZEN, drop=True):
        op.execute(guard)
    for right in RIGHTS:
        op.execute(
            sa.text('DELETE FROM role_right WHERE "right" = :granted').bindparams(granted=right)
        )
    op.drop_column("provider", "last_name")
    op.drop_column("provider", "first_name")

    op.drop_column("practice", "taxonomy")
    op.drop_column("practice", "tax_id_kind")

    op.drop_column("policy", "subscriber_zip")
    op.drop_column("policy", "subscriber_state")
    op.drop_column("policy", "subscriber_city")
    op.drop_column("policy", "subscriber_address1")
    op.drop_column("policy", "subscriber_sex")
    op.drop_column("policy", "subscriber_birth")
    op.drop_column("policy", "subscriber_last")
    op.drop_column("policy", "subscriber_first")
    op.drop_column("policy", "relationship")
    op.drop_column("policy", "plan_name")

    op.drop_column("payer", "zip_code")
    op.drop_column("payer", "state")
    op.drop_column("payer", "city")
    op.drop_column("payer", "address2")
    op.drop_column("payer", "address1")
    op.drop_column("payer", "wants_referral")
    op.drop_column("payer", "member_id_pattern")
    op.drop_column("payer", "filing_indicator")
    op.drop_column("payer", "route")
    op.drop_column("payer", "appeal_days")
    op.drop_column("payer", "corrected_days")

    op.drop_column("patient", "hold_claims")
    op.drop_column("patient", "phone")
    op.drop_column("patient", "zip_code")
    op.drop_column("patient", "state")
    op.drop_column("patient", "city")
    op.drop_column("patient", "address2")
    op.drop_column("patient", "address1")
    op.drop_column("patient", "last_name")
    op.drop_column("patient", "first_name")
    op.drop_column("patient", "sex")

    op.drop_column("location", "npi")
    op.drop_column("location", "zip_code")
    op.drop_column("location", "state")
    op.drop_column("location", "city")

    op.drop_column("authorization", "version")
    op.drop_column("authorization", "note")
    op.drop_column("authorization", "used_before")
    op.drop_column("authorization", "counts")

    op.drop_table("portal_check")
    op.drop_index(op.f("ix_authorization_use_authorization_id"), table_name="authorization_use")

    op.drop_table("authorization_use")
    op.drop_index(op.f("ix_eligibility_fact_check_id"), table_name="eligibility_fact")

    op.drop_table("eligibility_fact")
    op.drop_index(op.f("ix_claim_status_history_day"), table_name="claim_status_history")
    op.drop_index(op.f("ix_claim_status_history_claim_id"), table_name="claim_status_history")

    op.drop_table("claim_status_history")
    op.drop_index(op.f("ix_claim_sending_claim_id"), table_name="claim_sending")

    op.drop_table("claim_sending")
    op.drop_index(op.f("ix_claim_note_claim_id_at"), table_name="claim_note")

    op.drop_table("claim_note")
    op.drop_index(op.f("ix_claim_line_session_id"), table_name="claim_line")
    op.drop_index(op.f("ix_claim_line_charge_id"), table_name="claim_line")

    op.drop_table("claim_line")
    op.drop_index(op.f("ix_claim_finding_rule"), table_name="claim_finding")
    op.drop_index(op.f("ix_claim_finding_claim_id_severity"), table_name="claim_finding")

    op.drop_table("claim_finding")
    op.drop_table("claim_diagnosis")
    op.drop_index(op.f("ix_claim_change_claim_id"), table_name="claim_change")

    op.drop_table("claim_change")
    op.drop_table("appeal")
    op.drop_index(op.f("ix_acknowledgment_item_claim_id"), table_name="acknowledgment_item")
    op.drop_index(op.f("ix_acknowledgment_item_batch_id"), table_name="acknowledgment_item")

    op.drop_table("acknowledgment_item")
    op.drop_index(op.f("ix_eligibility_check_sha256"), table_name="eligibility_check")
    op.drop_index(op.f("ix_eligibility_check_policy_id"), table_name="eligibility_check")
    op.drop_index(op.f("ix_eligibility_check_patient_id_asked_at"), table_name="eligibility_check")

    op.drop_table("eligibility_check")
    op.drop_index(op.f("ix_claim_replaces_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_rendering_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_primary_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_policy_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_payer_number"), table_name="claim")
    op.drop_index(op.f("ix_claim_patient_id"), table_name="claim")
    op.drop_index("ix_claim_next_action", table_name="claim")
    op.drop_index("ix_claim_by_status", table_name="claim")
    op.drop_index("ix_claim_by_payer", table_name="claim")

    op.drop_table("claim")
    op.drop_index(op.f("ix_referral_patient_id"), table_name="referral")

    op.drop_table("referral")
    op.drop_index(op.f("ix_supervision_provider_id"), table_name="supervision")

    op.drop_table("supervision")
    op.drop_index(op.f("ix_claim_rule_position"), table_name="claim_rule")
    op.drop_index(op.f("ix_claim_rule_payer_id"), table_name="claim_rule")

    op.drop_table("claim_rule")
    op.drop_index(op.f("ix_claim_batch_made_at"), table_name="claim_batch")
    op.drop_index(op.f("ix_claim_batch_interchange"), table_name="claim_batch")

    op.drop_table("claim_batch")
    op.drop_table("acknowledgment")
    op.drop_table("rule_severity")
