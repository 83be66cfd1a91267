"""What the API remembers: writes by their reference, devices by their token.

The check of `tracker_event.kind` changes: its triggers are taken off first and set again last, as in 0006.
"""

import importlib
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The triggers of the log stand in the migration that set them last; its name is no Python name.
events = importlib.import_module("tracker.migrations.0006_lights")


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0012_reminders_by_occasion"),
        migrations.swappable_dependency(settings.KNOX_TOKEN_MODEL),
    ]

    operations = [
        migrations.RunPython(events.unguard, events.guard),
        migrations.CreateModel(
            name="ApiWrite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_ref", models.UUIDField(verbose_name="client’s reference")),
                ("operation", models.CharField(max_length=60, verbose_name="operation")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="fingerprint")),
                ("location", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
            ],
            options={
                "verbose_name": "write by the API",
                "verbose_name_plural": "writes by the API",
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("signed_in_at", models.DateTimeField(auto_now_add=True, verbose_name="signed in at")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="last used at")),
            ],
            options={
                "verbose_name": "device",
                "verbose_name_plural": "devices",
                "ordering": ["-signed_in_at", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_known",
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
                    ("commitment_moved", "Stage changed"),
                    ("lead_confirmed", "Lead department confirmed"),
                    ("milestone_set", "Milestone set"),
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
                            "commitment_moved",
                            "lead_confirmed",
                            "milestone_set",
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
            model_name="apiwrite",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="device",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="devices",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="device",
            name="token",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="device",
                to=settings.KNOX_TOKEN_MODEL,
                verbose_name="token",
            ),
        ),
        migrations.AddIndex(
            model_name="apiwrite",
            index=models.Index(fields=["at"], name="apiwrite_at"),
        ),
        migrations.AddConstraint(
            model_name="apiwrite",
            constraint=models.UniqueConstraint(fields=("author", "client_ref"), name="apiwrite_once"),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="device_has_a_name"
            ),
        ),
        migrations.RunPython(events.guard, events.unguard),
    ]
