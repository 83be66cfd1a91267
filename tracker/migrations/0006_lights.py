"""Changes of lights, the roll-up, last looks, site settings; clauses that need no commitment.

The check of `tracker_event.kind` changes: its triggers are taken off first and set again last, as in 0003.
"""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQLITE = [
    """CREATE TRIGGER tracker_event_no_update BEFORE UPDATE ON tracker_event
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER tracker_event_no_delete BEFORE DELETE ON tracker_event
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
]
POSTGRESQL = [
    """CREATE TRIGGER tracker_event_no_change BEFORE UPDATE OR DELETE ON tracker_event
       FOR EACH ROW EXECUTE FUNCTION tracker_event_guard()""",
]
SQLITE_OFF = ["DROP TRIGGER IF EXISTS tracker_event_no_update", "DROP TRIGGER IF EXISTS tracker_event_no_delete"]
POSTGRESQL_OFF = ["DROP TRIGGER IF EXISTS tracker_event_no_change ON tracker_event"]


def guard(apps, schema_editor):
    """Set the triggers of this database."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    """Take them off."""
    for statement in SQLITE_OFF if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_OFF:
        schema_editor.execute(statement)


def begin(apps, schema_editor):
    """The one row of settings, and for every light that stands already the change that brought it."""
    apps.get_model("tracker", "SiteSettings").objects.get_or_create(pk=1)
    change = apps.get_model("tracker", "LightChange")
    known = apps.get_model("tracker", "Commitment").objects.filter(assessed_on__isnull=False).order_by("pk")
    rows = known.values_list("pk", "plan_id", "health", "health_since", "assessed_on", "is_demo")
    batch = []
    for pk, plan, health, since, assessed, demo in rows.iterator(chunk_size=2000):
        row = change(commitment_id=pk, plan_id=plan, on=since or assessed, before="", after=health, is_demo=demo)
        batch.append(row)
        if len(batch) == 2000:
            change.objects.bulk_create(batch)
            batch = []
    change.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0005_initials"),
    ]

    operations = [
        migrations.RunPython(unguard, guard),
        migrations.CreateModel(
            name="LastLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("looked_at", models.DateTimeField(verbose_name="looked at")),
                ("mark", models.BigIntegerField(default=0)),
                ("before_at", models.DateTimeField(null=True, verbose_name="looked before at")),
                ("before_mark", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "last look at the overview",
                "verbose_name_plural": "last looks at the overview",
            },
        ),
        migrations.CreateModel(
            name="LightCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "health",
                    models.CharField(
                        choices=[
                            ("done", "Done"),
                            ("on_track", "On track"),
                            ("at_risk", "At risk"),
                            ("off_track", "Late"),
                            ("not_started", "Not started"),
                            ("no_data", "No data"),
                            ("exempt", "Exempt"),
                        ],
                        max_length=12,
                    ),
                ),
                ("items", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
                ("known", models.IntegerField(default=0)),
                ("progress_sum", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("unknown", models.IntegerField(default=0)),
            ],
            options={
                "verbose_name": "part of the roll-up",
                "verbose_name_plural": "parts of the roll-up",
            },
        ),
        migrations.CreateModel(
            name="LightChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="day")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done"),
                            ("on_track", "On track"),
                            ("at_risk", "At risk"),
                            ("off_track", "Late"),
                            ("not_started", "Not started"),
                            ("no_data", "No data"),
                            ("exempt", "Exempt"),
                        ],
                        max_length=12,
                        verbose_name="light before",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("done", "Done"),
                            ("on_track", "On track"),
                            ("at_risk", "At risk"),
                            ("off_track", "Late"),
                            ("not_started", "Not started"),
                            ("no_data", "No data"),
                            ("exempt", "Exempt"),
                        ],
                        max_length=12,
                        verbose_name="light after",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
            ],
            options={
                "verbose_name": "change of a light",
                "verbose_name_plural": "changes of lights",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SiteSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(default=0, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                (
                    "compares_departments",
                    models.BooleanField(
                        default=False,
                        help_text=(
                            "Shares with their denominators, never a rank. Leaders and the supervision office see them."
                        ),
                        verbose_name="departments stand side by side",
                    ),
                ),
                (
                    "shows_public_pages",
                    models.BooleanField(
                        default=False,
                        help_text="Anyone without a sign-in reads the approved fields of the matters marked public.",
                        verbose_name="public pages",
                    ),
                ),
                (
                    "public_delay_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="days until the public sees a matter’s state",
                    ),
                ),
                ("public_fields", models.JSONField(blank=True, default=list, verbose_name="fields the public sees")),
            ],
            options={
                "verbose_name": "site settings",
                "verbose_name_plural": "site settings",
            },
        ),
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_known",
        ),
        migrations.AddField(
            model_name="clause",
            name="needs_no_commitment",
            field=models.BooleanField(
                default=False,
                help_text="Read and judged: nothing in it is to be delivered.",
                verbose_name="needs no commitment",
            ),
        ),
        migrations.AddField(
            model_name="clause",
            name="no_commitment_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="why it needs none"),
        ),
        migrations.AddField(
            model_name="commitment",
            name="published_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="marked public on"),
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
                    ("demo_added", "Demonstration data added"),
                    ("demo_removed", "Demonstration data removed"),
                ],
                max_length=24,
                verbose_name="what",
            ),
        ),
        migrations.AddConstraint(
            model_name="clause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("needs_no_commitment", False),
                    models.Q(("no_commitment_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="clause_judged_with_a_reason",
                violation_error_message="Say why the clause needs no commitment.",
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
                            "demo_added",
                            "demo_removed",
                        ],
                    )
                ),
                name="event_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="lastlook",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="last_look", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="lightcell",
            name="chapter",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tracker.clause",
            ),
        ),
        migrations.AddField(
            model_name="lightcell",
            name="lead",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tracker.department",
            ),
        ),
        migrations.AddField(
            model_name="lightcell",
            name="plan",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="tracker.plan"
            ),
        ),
        migrations.AddField(
            model_name="lightchange",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="light_changes",
                to="tracker.commitment",
                verbose_name="commitment",
            ),
        ),
        migrations.AddField(
            model_name="lightchange",
            name="plan",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.plan",
                verbose_name="plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitesettings",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="sitesettings_is_one_row"),
        ),
        migrations.AddIndex(
            model_name="lightchange",
            index=models.Index(fields=["plan", "on", "before", "after"], name="lightchange_plan_day"),
        ),
        migrations.AddConstraint(
            model_name="lightchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "before__in",
                        ["", "done", "on_track", "at_risk", "off_track", "not_started", "no_data", "exempt"],
                    ),
                    ("after__in", ["done", "on_track", "at_risk", "off_track", "not_started", "no_data", "exempt"]),
                ),
                name="lightchange_lights_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="lightchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("before", models.F("after")), _negated=True), name="lightchange_is_a_change"
            ),
        ),
        migrations.RunPython(guard, unguard),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
