"""Ledger files on their way, the words learnt from them, and commitments that were taken out again.

The check of `tracker_event.kind` changes: its triggers are taken off first and set again last, as in 0006; those of
the roll-up leave out what was taken out again from here on.
"""

import importlib
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tracker.migrations import _rollup

# The triggers of the log stand in the migration that set them last; its name is no Python name.
events = importlib.import_module("tracker.migrations.0006_lights")


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0016_prompt_messages"),
    ]

    operations = [
        migrations.RunPython(events.unguard, events.guard),
        migrations.RunPython(_rollup.unguard, _rollup.guard),
        migrations.CreateModel(
            name="DepartmentAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name in ledgers")),
            ],
            options={
                "verbose_name": "other name of a department",
                "verbose_name_plural": "other names of departments",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="HeadingWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("heading", models.CharField(max_length=60, unique=True, verbose_name="heading")),
                ("field", models.CharField(blank=True, max_length=40, verbose_name="means")),
            ],
            options={
                "verbose_name": "heading of ledgers",
                "verbose_name_plural": "headings of ledgers",
                "ordering": ["heading"],
            },
        ),
        migrations.CreateModel(
            name="LedgerImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="brought at")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("sha256", models.CharField(max_length=64)),
                ("byte_count", models.PositiveIntegerField(verbose_name="size (bytes)")),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("target", "Target"),
                            ("project", "Project"),
                            ("park", "Park"),
                            ("platform", "Platform"),
                            ("talent_programme", "Talent programme"),
                            ("reform", "Reform"),
                            ("action", "Action"),
                        ],
                        max_length=20,
                        verbose_name="kind of rows that name none",
                    ),
                ),
                ("choices", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Being read"),
                            ("refused", "Cannot be read"),
                            ("ready", "Waiting for your confirmation"),
                            ("confirmed", "Being entered"),
                            ("done", "Entered"),
                            ("dropped", "Laid aside"),
                            ("reverted", "Taken back"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("problem", models.JSONField(default=dict)),
                ("seal", models.CharField(blank=True, max_length=64)),
                ("new_count", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("changed_count", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("unchanged_count", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("refused_count", models.PositiveIntegerField(default=0, verbose_name="refused")),
                ("claimed_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True, verbose_name="entered at")),
                ("group", models.UUIDField(null=True)),
                ("reverted_at", models.DateTimeField(null=True, verbose_name="taken back at")),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
            ],
            options={
                "verbose_name": "import of a ledger",
                "verbose_name_plural": "imports of ledgers",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="LedgerLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet", models.CharField(blank=True, max_length=60, verbose_name="sheet")),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                (
                    "effect",
                    models.CharField(
                        choices=[("new", "New"), ("changed", "Changed"), ("noted", "Noted beside")],
                        max_length=10,
                        verbose_name="effect",
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("beside", models.JSONField(default=dict)),
                ("before", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "row of a ledger file",
                "verbose_name_plural": "rows of ledger files",
                "ordering": ["of", "row"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_known",
        ),
        migrations.AddField(
            model_name="commitment",
            name="withdrawn_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="taken out again at"),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("plan_registered", "Plan registered"),
                    ("plan_revised", "Plan revised"),
                    ("clause_registered", "Clause registered"),
                    ("clause_revised", "Clause revised"),
                    ("commitment_registered", "Commitment registered"),
                    ("commitment_revised", "Commitment revised"),
                    ("commitment_withdrawn", "Commitment taken out again"),
                    ("commitment_moved", "Stage changed"),
                    ("lead_confirmed", "Lead department confirmed"),
                    ("milestone_set", "Milestone set"),
                    ("milestone_withdrawn", "Milestone taken out again"),
                    ("target_set", "Target set"),
                    ("report_saved", "Report saved as a draft"),
                    ("report_submitted", "Report submitted"),
                    ("report_returned", "Report returned"),
                    ("report_accepted", "Report accepted"),
                    ("contribution_saved", "Contribution handed to the lead"),
                    ("extension_requested", "Extension requested"),
                    ("extension_decided", "Extension decided"),
                    ("extension_withdrawn", "Extension request withdrawn"),
                    ("blocker_raised", "Blocker raised"),
                    ("blocker_answered", "Blocker answered"),
                    ("blocker_withdrawn", "Blocker withdrawn"),
                    ("instruction_given", "Instruction given"),
                    ("instruction_answered", "Instruction answered"),
                    ("instruction_withdrawn", "Instruction withdrawn"),
                    ("evidence_added", "Evidence added"),
                    ("evidence_withdrawn", "Evidence withdrawn"),
                    ("verification_recorded", "Verification recorded"),
                    ("lookback_drawn", "Look-back sample drawn"),
                    ("post_handed_over", "Post handed over"),
                    ("handover_received", "Hand-over received"),
                    ("deputy_set", "Deputy named"),
                    ("reminded_by_hand", "Reminded by hand"),
                    ("health_changed", "Light changed"),
                    ("health_overridden", "Light set by hand"),
                    ("reading_recorded", "Reading recorded"),
                    ("catalogue_revised", "Catalogue revised"),
                    ("person_revised", "Department, post or person revised"),
                    ("ledger_imported", "Ledger imported"),
                    ("ledger_reverted", "Import of a ledger taken back"),
                    ("ledger_word_learnt", "Word of ledgers learnt"),
                    ("settings_revised", "Site settings revised"),
                    ("rules_revised", "Rules revised"),
                    ("workdays_revised", "Working days revised"),
                    ("channel_revised", "Channel revised"),
                    ("messages_retried", "Failed messages sent again"),
                    ("preferences_revised", "Personal settings revised"),
                    ("feed_opened", "Calendar address made"),
                    ("feed_revoked", "Calendar address revoked"),
                    ("device_signed_in", "Device signed in"),
                    ("device_revoked", "Device signed out"),
                    ("slip_drafted", "Slip drafted"),
                    ("slip_dropped", "Draft of a slip dropped"),
                    ("slip_issued", "Slip issued"),
                    ("slip_answered", "Slip answered"),
                    ("slip_withdrawn", "Slip withdrawn"),
                    ("demo_added", "Demonstration data added"),
                    ("demo_removed", "Demonstration data removed"),
                ],
                max_length=24,
                verbose_name="what",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "plan_registered",
                            "plan_revised",
                            "clause_registered",
                            "clause_revised",
                            "commitment_registered",
                            "commitment_revised",
                            "commitment_withdrawn",
                            "commitment_moved",
                            "lead_confirmed",
                            "milestone_set",
                            "milestone_withdrawn",
                            "target_set",
                            "report_saved",
                            "report_submitted",
                            "report_returned",
                            "report_accepted",
                            "contribution_saved",
                            "extension_requested",
                            "extension_decided",
                            "extension_withdrawn",
                            "blocker_raised",
                            "blocker_answered",
                            "blocker_withdrawn",
                            "instruction_given",
                            "instruction_answered",
                            "instruction_withdrawn",
                            "evidence_added",
                            "evidence_withdrawn",
                            "verification_recorded",
                            "lookback_drawn",
                            "post_handed_over",
                            "handover_received",
                            "deputy_set",
                            "reminded_by_hand",
                            "health_changed",
                            "health_overridden",
                            "reading_recorded",
                            "catalogue_revised",
                            "person_revised",
                            "ledger_imported",
                            "ledger_reverted",
                            "ledger_word_learnt",
                            "settings_revised",
                            "rules_revised",
                            "workdays_revised",
                            "channel_revised",
                            "messages_retried",
                            "preferences_revised",
                            "feed_opened",
                            "feed_revoked",
                            "device_signed_in",
                            "device_revoked",
                            "slip_drafted",
                            "slip_dropped",
                            "slip_issued",
                            "slip_answered",
                            "slip_withdrawn",
                            "demo_added",
                            "demo_removed",
                        ],
                    )
                ),
                name="event_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="departmentalias",
            name="departments",
            field=models.ManyToManyField(
                blank=True, related_name="aliases", to="tracker.department", verbose_name="departments meant"
            ),
        ),
        migrations.CreateModel(
            name="LedgerFile",
            fields=[
                (
                    "of",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="tracker.ledgerimport",
                    ),
                ),
                ("content", models.BinaryField()),
                ("preview", models.BinaryField(null=True)),
            ],
            options={
                "verbose_name": "file of an import",
                "verbose_name_plural": "files of imports",
            },
        ),
        migrations.AddField(
            model_name="ledgerimport",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ledger_imports",
                to=settings.AUTH_USER_MODEL,
                verbose_name="brought by",
            ),
        ),
        migrations.AddField(
            model_name="ledgerimport",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="confirmed by",
            ),
        ),
        migrations.AddField(
            model_name="ledgerimport",
            name="plan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.plan",
                verbose_name="plan",
            ),
        ),
        migrations.AddField(
            model_name="ledgerline",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="ledger_lines",
                to="tracker.commitment",
                verbose_name="commitment",
            ),
        ),
        migrations.AddField(
            model_name="ledgerline",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="tracker.ledgerimport",
                verbose_name="import",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerimport",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "confirmed"])), fields=["id"], name="ledgerimport_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["waiting", "refused", "ready", "confirmed", "done", "dropped", "reverted"])
                ),
                name="ledgerimport_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["done", "reverted"]), _negated=True),
                    ("done_at__isnull", False),
                    _connector="OR",
                ),
                name="ledgerimport_done_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerline",
            index=models.Index(fields=["commitment", "-of"], name="ledgerline_commitment"),
        ),
        migrations.AddConstraint(
            model_name="ledgerline",
            constraint=models.UniqueConstraint(fields=("of", "commitment"), name="ledgerline_once"),
        ),
        migrations.AddConstraint(
            model_name="ledgerline",
            constraint=models.CheckConstraint(
                condition=models.Q(("effect__in", ["new", "changed", "noted"])), name="ledgerline_effect_known"
            ),
        ),
        migrations.RunPython(_rollup.guard_standing, _rollup.unguard),
        migrations.RunPython(events.guard, events.unguard),
    ]
