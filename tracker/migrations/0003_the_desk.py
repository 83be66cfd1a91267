"""The desk: extension requests, blockers, instructions, evidence, verifications, deputies, hand-over lists.

The check of `tracker_event.kind` changes, and SQLite makes a table anew for that, which loses its triggers: they are
taken off first and set again last, as in 0002.
"""

import uuid

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


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0002_event_guard"),
    ]

    operations = [
        migrations.RunPython(unguard, guard),
        migrations.CreateModel(
            name="Blocker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(default=0, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Waits for an answer"), ("answered", "Answered"), ("withdrawn", "Withdrawn")],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.TextField(blank=True, editable=False, verbose_name="answer")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="answered at"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("land", "Land"),
                            ("money", "Money"),
                            ("approval", "Approval"),
                            ("energy", "Energy"),
                            ("talent", "Talent"),
                            ("demand", "Demand"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="what is lacking",
                    ),
                ),
                ("wanted_by", models.DateField(verbose_name="wanted by")),
            ],
            options={
                "verbose_name": "blocker",
                "verbose_name_plural": "blockers",
                "ordering": ["wanted_by", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(default=0, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                ("period_start", models.DateField(verbose_name="period starts on")),
                ("period_end", models.DateField(verbose_name="period ends on")),
                ("text", models.TextField(blank=True, verbose_name="what we did")),
                ("is_no_change", models.BooleanField(default=False, verbose_name="nothing changed")),
                ("is_late", models.BooleanField(default=False, editable=False, verbose_name="late")),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
            ],
            options={
                "verbose_name": "contribution",
                "verbose_name_plural": "contributions",
                "ordering": ["-period_end", "commitment", "department"],
            },
        ),
        migrations.CreateModel(
            name="Deputy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
            ],
            options={
                "verbose_name": "deputy",
                "verbose_name_plural": "deputies",
                "ordering": ["post", "-starts_on"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(default=0, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                ("name", models.CharField(max_length=160, verbose_name="file name")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what it proves")),
                ("size", models.PositiveIntegerField(verbose_name="size (bytes)")),
                ("media_type", models.CharField(max_length=100, verbose_name="type")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="withdrawn at"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ExtensionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(default=0, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                ("original_due_on", models.DateField(verbose_name="original due date")),
                ("due_on", models.DateField(verbose_name="due date when asked")),
                ("wanted_on", models.DateField(verbose_name="new date asked for")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waits for a decision"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="decided at")),
                ("decision", models.TextField(blank=True, editable=False, verbose_name="words of the decision")),
                ("granted_on", models.DateField(blank=True, editable=False, null=True, verbose_name="date granted")),
                (
                    "is_exemption",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Force majeure or changed policy: assessment follows the new date.",
                        verbose_name="assessed by the new date",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
            ],
            options={
                "verbose_name": "extension request",
                "verbose_name_plural": "extension requests",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="HandoverItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("commitment", "Commitment"),
                            ("report", "Report"),
                            ("extension", "Extension request"),
                            ("blocker", "Blocker"),
                            ("instruction", "Instruction"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due date")),
                ("order", models.PositiveIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "line of a hand-over list",
                "verbose_name_plural": "lines of hand-over lists",
                "ordering": ["holding", "order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(default=0, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Waits for an answer"), ("answered", "Answered"), ("withdrawn", "Withdrawn")],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.TextField(blank=True, editable=False, verbose_name="answer")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="answered at"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
                ("given_on", models.DateField(verbose_name="given on")),
                ("answer_due_on", models.DateField(verbose_name="answer due on")),
            ],
            options={
                "verbose_name": "instruction",
                "verbose_name_plural": "instructions",
                "ordering": ["answer_due_on", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Lookback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                ("drawn_on", models.DateField(verbose_name="drawn on")),
                ("closed_from", models.DateField(verbose_name="closed from")),
                ("closed_until", models.DateField(verbose_name="closed until")),
                ("seed", models.CharField(max_length=64, verbose_name="seed")),
                (
                    "population",
                    models.JSONField(help_text="The codes that the sample was drawn from.", verbose_name="population"),
                ),
                ("size", models.PositiveSmallIntegerField(verbose_name="sample size")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
            ],
            options={
                "verbose_name": "look-back",
                "verbose_name_plural": "look-backs",
                "ordering": ["-drawn_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="LookbackPick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(verbose_name="order")),
            ],
            options={
                "verbose_name": "pick of a look-back",
                "verbose_name_plural": "picks of look-backs",
                "ordering": ["lookback", "order"],
            },
        ),
        migrations.CreateModel(
            name="ReportVolumes",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="volumes",
                        serialize=False,
                        to="tracker.progressreport",
                        verbose_name="report",
                    ),
                ),
                (
                    "invested_month_wan",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="invested this month (10 000 yuan)",
                    ),
                ),
                (
                    "invested_year_wan",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="invested since January (10 000 yuan)",
                    ),
                ),
                (
                    "physical_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="physical progress (%)",
                    ),
                ),
                (
                    "work_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="work volume (%)",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("planning", "Planning"),
                            ("preparation", "Preparation"),
                            ("construction", "Under construction"),
                            ("completed", "Completed"),
                            ("operating", "In operation"),
                        ],
                        max_length=20,
                        verbose_name="stage of the project",
                    ),
                ),
                (
                    "in_statistics",
                    models.BooleanField(blank=True, null=True, verbose_name="registered in the statistics"),
                ),
                (
                    "in_statistics_on",
                    models.DateField(blank=True, null=True, verbose_name="registered in the statistics on"),
                ),
            ],
            options={
                "verbose_name": "three quantities of a report",
                "verbose_name_plural": "three quantities of reports",
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(default=0, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("documents", "Documents examined"),
                            ("site_visit", "Visit on site"),
                            ("data_check", "Figures compared"),
                            ("interview", "People asked"),
                        ],
                        max_length=12,
                        verbose_name="method",
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("confirmed", "Confirmed"),
                            ("partly", "Confirmed in part"),
                            ("not_confirmed", "Not confirmed"),
                        ],
                        max_length=14,
                        verbose_name="finding",
                    ),
                ),
                ("note", models.TextField(verbose_name="what was found")),
                ("verified_on", models.DateField(verbose_name="verified on")),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
            ],
            options={
                "verbose_name": "verification",
                "verbose_name_plural": "verifications",
                "ordering": ["-verified_on", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="reminderrule",
            name="reminderrule_occasion_known",
        ),
        migrations.AddField(
            model_name="commitment",
            name="initials",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Written with the title, for search.",
                max_length=120,
                verbose_name="pinyin initials",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="is_assessed_by_current_date",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Set by an extension that was approved as an exemption; otherwise the original date counts.",
                verbose_name="assessed by the current date",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="proposed_lead",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.department",
                verbose_name="lead proposed by the refusal",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="reported_done_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reported done by",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="tightening_reason",
            field=models.TextField(
                blank=True,
                help_text="Needed where the date is earlier or the number higher than the parent’s.",
                verbose_name="why it asks more than its parent",
            ),
        ),
        migrations.AddField(
            model_name="department",
            name="initials",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Written with the name, for search.",
                max_length=120,
                verbose_name="pinyin initials",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="late_periods",
            field=models.PositiveSmallIntegerField(
                default=1,
                validators=[django.core.validators.MaxValueValidator(12)],
                verbose_name="closed periods that may still be reported, marked late",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="report_opens_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Empty: from the period’s first day.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(92)],
                verbose_name="reports open this many days before the period ends",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="support_days",
            field=models.PositiveSmallIntegerField(
                default=3,
                validators=[django.core.validators.MaxValueValidator(30)],
                verbose_name="supporting departments contribute this many days before reports close",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="initials",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Written with the name, for search.",
                max_length=120,
                verbose_name="pinyin initials",
            ),
        ),
        migrations.AddField(
            model_name="postholding",
            name="received_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="hand-over received on"),
        ),
        migrations.AddField(
            model_name="progressreport",
            name="doubts",
            field=models.JSONField(
                blank=True,
                default=list,
                editable=False,
                help_text="Codes, see rules.sanity.",
                verbose_name="figures that were questioned",
            ),
        ),
        migrations.AddField(
            model_name="progressreport",
            name="doubts_answer",
            field=models.TextField(
                blank=True, help_text="Asked where a figure is unusual.", verbose_name="why the figures are right"
            ),
        ),
        migrations.AddField(
            model_name="progressreport",
            name="is_late",
            field=models.BooleanField(
                default=False, editable=False, help_text="First handed in after its period closed.", verbose_name="late"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="initials",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Written with the name, for search.",
                max_length=120,
                verbose_name="pinyin initials",
            ),
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
                    ("rules_revised", "Rules revised"),
                    ("demo_added", "Demonstration data added"),
                    ("demo_removed", "Demonstration data removed"),
                ],
                max_length=24,
                verbose_name="what",
            ),
        ),
        migrations.AlterField(
            model_name="reminderrule",
            name="occasion",
            field=models.CharField(
                choices=[
                    ("before_due", "Before the due date"),
                    ("on_due", "On the due date"),
                    ("after_due", "After the due date"),
                    ("by_hand", "Sent by the supervision office"),
                ],
                max_length=12,
                verbose_name="occasion",
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
                            "rules_revised",
                            "demo_added",
                            "demo_removed",
                        ],
                    )
                ),
                name="event_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminderrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("occasion__in", ["before_due", "on_due", "after_due", "by_hand"])),
                name="reminderrule_occasion_known",
                violation_error_message="Choose an occasion from the list.",
            ),
        ),
        migrations.AddField(
            model_name="blocker",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="answered by",
            ),
        ),
        migrations.AddField(
            model_name="blocker",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blockers",
                to=settings.AUTH_USER_MODEL,
                verbose_name="raised by",
            ),
        ),
        migrations.AddField(
            model_name="blocker",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blockers",
                to="tracker.commitment",
                verbose_name="commitment",
            ),
        ),
        migrations.AddField(
            model_name="blocker",
            name="wanted_from",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blockers",
                to="tracker.post",
                verbose_name="wanted from",
            ),
        ),
        migrations.AddField(
            model_name="contribution",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contributions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="contribution",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contributions",
                to="tracker.commitment",
                verbose_name="commitment",
            ),
        ),
        migrations.AddField(
            model_name="contribution",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contributions",
                to="tracker.department",
                verbose_name="department",
            ),
        ),
        migrations.AddField(
            model_name="deputy",
            name="deputy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deputises",
                to=settings.AUTH_USER_MODEL,
                verbose_name="deputy",
            ),
        ),
        migrations.AddField(
            model_name="deputy",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deputies",
                to="tracker.post",
                verbose_name="post",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to=settings.AUTH_USER_MODEL,
                verbose_name="added by",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="tracker.commitment",
                verbose_name="commitment",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="report",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="tracker.progressreport",
                verbose_name="report",
            ),
        ),
        migrations.AddField(
            model_name="extensionrequest",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extensions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="extensionrequest",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extensions",
                to="tracker.commitment",
                verbose_name="commitment",
            ),
        ),
        migrations.AddField(
            model_name="extensionrequest",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decided_extensions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="handoveritem",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handovers",
                to="tracker.commitment",
                verbose_name="commitment",
            ),
        ),
        migrations.AddField(
            model_name="handoveritem",
            name="holding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="handover",
                to="tracker.postholding",
                verbose_name="holding of a post",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="answered by",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instructions",
                to="tracker.commitment",
                verbose_name="commitment",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instructions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="given by",
            ),
        ),
        migrations.AddField(
            model_name="lookback",
            name="drawn_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="drawn by",
            ),
        ),
        migrations.AddField(
            model_name="lookbackpick",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="picks",
                to="tracker.commitment",
                verbose_name="commitment",
            ),
        ),
        migrations.AddField(
            model_name="lookbackpick",
            name="lookback",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="picks",
                to="tracker.lookback",
                verbose_name="look-back",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportvolumes",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stage__in", ["", "planning", "preparation", "construction", "completed", "operating"])
                ),
                name="volumes_stage_known",
                violation_error_message="Choose a stage from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportvolumes",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("invested_month_wan__isnull", True), ("invested_month_wan__gte", 0), _connector="OR"),
                    models.Q(("invested_year_wan__isnull", True), ("invested_year_wan__gte", 0), _connector="OR"),
                    models.Q(("physical_percent__isnull", True), ("physical_percent__gte", 0), _connector="OR"),
                    models.Q(("work_percent__isnull", True), ("work_percent__gte", 0), _connector="OR"),
                ),
                name="volumes_not_negative",
                violation_error_message="The three quantities are not negative. Enter 0 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportvolumes",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_statistics_on__isnull", True),
                    models.Q(("in_statistics", True), ("in_statistics__isnull", False)),
                    _connector="OR",
                ),
                name="volumes_date_only_when_registered",
                violation_error_message="A day of registration needs the answer “yes”. Correct one of the two.",
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verifications",
                to="tracker.commitment",
                verbose_name="commitment",
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="lookback",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verifications",
                to="tracker.lookback",
                verbose_name="look-back",
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="verifier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verifications",
                to=settings.AUTH_USER_MODEL,
                verbose_name="verifier",
            ),
        ),
        migrations.AddField(
            model_name="lookbackpick",
            name="verification",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pick",
                to="tracker.verification",
                verbose_name="verification",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="verification",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="tracker.verification",
                verbose_name="verification",
            ),
        ),
        migrations.AddIndex(
            model_name="blocker",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["wanted_from", "wanted_by"], name="blocker_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="blocker",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "answered", "withdrawn"])),
                name="blocker_state_known",
                violation_error_message="Choose a state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="blocker",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="blocker_has_text",
                violation_error_message="The text is empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="blocker",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", False), ("state", "answered"), models.Q(("answer", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("state", "answered"), _negated=True), ("answer", ""), ("answered_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="blocker_answer_is_complete",
                violation_error_message="An answer needs its words and its day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="blocker",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("category__in", ["land", "money", "approval", "energy", "talent", "demand", "other"])
                ),
                name="blocker_category_known",
                violation_error_message="Choose from the list what is lacking.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.UniqueConstraint(
                fields=("commitment", "department", "period_start"),
                name="contribution_once_per_period",
                violation_error_message="Your department already contributed for this period. Change that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_end__gte", models.F("period_start"))),
                name="contribution_period_in_order",
                violation_error_message="The period ends before it starts. Correct one of the two dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("text", ""), _negated=True), ("is_no_change", True), _connector="OR"),
                name="contribution_says_something",
                violation_error_message="Write what was done or tick “nothing changed”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deputy",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="deputy_ends_after_start",
                violation_error_message="The absence ends before it starts. Correct one of the two dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deputy",
            constraint=models.UniqueConstraint(
                fields=("post", "deputy", "starts_on"),
                name="deputy_once_per_start",
                violation_error_message="This deputy is already named from that day.",
            ),
        ),
        migrations.AddIndex(
            model_name="extensionrequest",
            index=models.Index(condition=models.Q(("state", "pending")), fields=["created_at"], name="extension_queue"),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "granted", "refused", "withdrawn"])),
                name="extension_state_known",
                violation_error_message="Choose a state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("wanted_on__gt", models.F("due_on"))),
                name="extension_wants_a_later_date",
                violation_error_message="The new date is not later than the present one. Choose a later day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="extension_says_why",
                violation_error_message="Say why more time is needed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", False), ("state__in", ["granted", "refused"])),
                    models.Q(
                        models.Q(("state__in", ["granted", "refused"]), _negated=True), ("decided_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="extension_decision_is_complete",
                violation_error_message="A decision needs its day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("granted_on__gt", models.F("due_on")), ("granted_on__isnull", False), ("state", "granted")
                    ),
                    models.Q(
                        models.Q(("state", "granted"), _negated=True),
                        ("granted_on__isnull", True),
                        ("is_exemption", False),
                    ),
                    _connector="OR",
                ),
                name="extension_grant_has_a_date",
                violation_error_message="Granting needs the new date, later than the present one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("decision", ""), _negated=True),
                    _connector="OR",
                ),
                name="extension_refusal_says_why",
                violation_error_message="Say why the extension is refused.",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("author")), _negated=True),
                    _connector="OR",
                ),
                name="extension_not_decided_by_its_author",
                violation_error_message="Nobody decides their own request.",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")),
                fields=("commitment",),
                name="extension_one_pending_per_commitment",
                violation_error_message="A request is waiting already. Withdraw it first or wait for the decision.",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["commitment", "report", "extension", "blocker", "instruction"])),
                name="handoveritem_kind_known",
                violation_error_message="Choose a kind from the list.",
            ),
        ),
        migrations.AddIndex(
            model_name="instruction",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["answer_due_on"], name="instruction_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "answered", "withdrawn"])),
                name="instruction_state_known",
                violation_error_message="Choose a state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="instruction_has_text",
                violation_error_message="The text is empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", False), ("state", "answered"), models.Q(("answer", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("state", "answered"), _negated=True), ("answer", ""), ("answered_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="instruction_answer_is_complete",
                violation_error_message="An answer needs its words and its day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_due_on__gte", models.F("given_on"))),
                name="instruction_answer_after_word",
                violation_error_message="The answer is due before the instruction was given. Correct one date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lookback",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_until__gte", models.F("closed_from"))),
                name="lookback_period_in_order",
                violation_error_message="The period ends before it starts. Correct one of the two dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lookback",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0), models.Q(("seed", ""), _negated=True)),
                name="lookback_draws_something",
                violation_error_message="A sample needs a size and a seed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(("method__in", ["documents", "site_visit", "data_check", "interview"])),
                name="verification_method_known",
                violation_error_message="Choose a method from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(("finding__in", ["confirmed", "partly", "not_confirmed"])),
                name="verification_finding_known",
                violation_error_message="Choose a finding from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), _negated=True),
                name="verification_says_what_was_found",
                violation_error_message="Write what was found.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lookbackpick",
            constraint=models.UniqueConstraint(
                fields=("lookback", "commitment"),
                name="lookbackpick_once",
                violation_error_message="The sample already holds this commitment.",
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["sha256"], name="evidence_sha256"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256", ""), _negated=True),
                name="evidence_has_a_digest",
                violation_error_message="The file’s digest is missing.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)),
                name="evidence_is_not_empty",
                violation_error_message="The file is empty.",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
