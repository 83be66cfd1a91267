"""Versioned rules, reminders of every occasion, channels, messages, slips, moved working days, calendar addresses.

The check of `tracker_event.kind` changes: its triggers are taken off first and set again last, as in 0006.
What rests on the data of 0011 follows in 0012.
"""

import importlib
import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The triggers of the log stand in the migration that set them last; its name is no Python name.
events = importlib.import_module("tracker.migrations.0006_lights")


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0009_lightchange_day"),
    ]

    operations = [
        migrations.RunPython(events.unguard, events.guard),
        migrations.CreateModel(
            name="SlipCounter",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name="year")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="last number")),
            ],
            options={
                "verbose_name": "slip counter",
                "verbose_name_plural": "slip counters",
            },
        ),
        migrations.CreateModel(
            name="DayOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("is_working", models.BooleanField(default=False, verbose_name="offices work")),
                ("name", models.CharField(max_length=60, verbose_name="occasion of the day")),
                (
                    "notice",
                    models.CharField(
                        help_text="The notice that says so, with its number.", max_length=200, verbose_name="source"
                    ),
                ),
            ],
            options={
                "verbose_name": "moved working day",
                "verbose_name_plural": "moved working days",
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("last_used_on", models.DateField(editable=False, null=True, verbose_name="last read on")),
                ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="revoked at")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feeds",
                        to="tracker.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feeds",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar address",
                "verbose_name_plural": "calendar addresses",
                "ordering": ["-created_at"],
                "indexes": [
                    models.Index(condition=models.Q(("revoked_at__isnull", True)), fields=["owner"], name="feed_valid")
                ],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(default=0, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="channel’s name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("wecom", "WeCom robot"),
                            ("dingtalk", "DingTalk robot"),
                            ("feishu", "Feishu robot"),
                            ("webhook", "Webhook"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("is_active", models.BooleanField(default=False, verbose_name="switched on")),
                (
                    "is_default",
                    models.BooleanField(default=False, verbose_name="used unless a person chooses otherwise"),
                ),
                ("address", models.TextField(blank=True, editable=False, verbose_name="address")),
                ("secret", models.TextField(blank=True, editable=False, verbose_name="secret")),
                (
                    "server",
                    models.URLField(
                        blank=True, help_text="Only for robots on a private server.", verbose_name="server of your own"
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0, editable=False, verbose_name="failures in a row")),
                ("retry_at", models.DateTimeField(editable=False, null=True, verbose_name="next try")),
                ("last_ok_at", models.DateTimeField(editable=False, null=True, verbose_name="last message sent")),
                ("last_error", models.CharField(blank=True, editable=False, max_length=500, verbose_name="last error")),
                (
                    "last_error_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="time of the last error"),
                ),
                ("tested_at", models.DateTimeField(editable=False, null=True, verbose_name="tested at")),
                (
                    "test_error",
                    models.CharField(blank=True, editable=False, max_length=500, verbose_name="what the test found"),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="channels",
                        to="tracker.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["email", "wecom", "dingtalk", "feishu", "webhook"])),
                        name="channel_kind_known",
                        violation_error_message="Choose a kind from the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["dingtalk", "feishu", "wecom"]), _negated=True),
                            ("department__isnull", False),
                            _connector="OR",
                        ),
                        name="channel_robot_has_a_department",
                        violation_error_code="robot_needs_department",
                        violation_error_message="A robot speaks to a group. Choose the department whose group it is.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "email")),
                        fields=("kind",),
                        name="channel_one_email",
                        violation_error_message="There is a channel for e-mail already. Change that one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="preference",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("chooses_channels", models.BooleanField(default=False, verbose_name="own choice of channels")),
                (
                    "hour",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="hour",
                    ),
                ),
                ("muted", models.JSONField(blank=True, default=list, verbose_name="information not wanted")),
                ("paused_from", models.DateField(blank=True, null=True, verbose_name="away from")),
                ("paused_until", models.DateField(blank=True, null=True, verbose_name="away until")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                (
                    "channels",
                    models.ManyToManyField(blank=True, related_name="+", to="tracker.channel", verbose_name="channels"),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in_for",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deputy",
                    ),
                ),
            ],
            options={
                "verbose_name": "personal settings",
                "verbose_name_plural": "personal settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("deputy__isnull", True), ("paused_from__isnull", True), ("paused_until__isnull", True)
                            ),
                            models.Q(
                                ("deputy__isnull", False),
                                ("paused_from__isnull", False),
                                ("paused_until__gte", models.F("paused_from")),
                            ),
                            _connector="OR",
                        ),
                        name="preference_pause_is_whole",
                        violation_error_message="A pause needs its first day, its last day and a deputy.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hour__isnull", True), ("hour__lte", 23), _connector="OR"),
                        name="preference_hour_is_one",
                        violation_error_message="Choose an hour of the day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderRuleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("ladder", models.JSONField(default=list, verbose_name="ladder")),
                ("counts_working_days", models.BooleanField(default=False, verbose_name="days are working days")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("live", "In force"), ("retired", "Replaced")],
                        default="draft",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("live_from", models.DateField(editable=False, null=True, verbose_name="in force from")),
                ("retired_on", models.DateField(editable=False, null=True, verbose_name="replaced on")),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="tracker.reminderrule",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a reminder rule",
                "verbose_name_plural": "versions of reminder rules",
                "ordering": ["rule", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "number"), name="reminderversion_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "live")),
                        fields=("rule",),
                        name="reminderversion_one_live_per_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "live", "retired"])),
                        name="reminderversion_state_known",
                        violation_error_message="Choose a state from the list.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Slip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(default=0, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                (
                    "level",
                    models.CharField(
                        choices=[("blue", "Blue"), ("yellow", "Yellow"), ("red", "Red")],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                ("grounds", models.JSONField(default=list, editable=False, verbose_name="grounds")),
                ("text", models.TextField(blank=True, verbose_name="what is asked")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("issued", "Waits for an answer"),
                            ("answered", "Answered"),
                            ("dropped", "Dropped before it was issued"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("drafted_on", models.DateField(editable=False, verbose_name="drafted on")),
                ("year", models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="year")),
                ("number", models.PositiveIntegerField(editable=False, null=True, verbose_name="number")),
                ("issued_on", models.DateField(editable=False, null=True, verbose_name="issued on")),
                ("answer_due_on", models.DateField(blank=True, null=True, verbose_name="answer due on")),
                ("answer", models.TextField(blank=True, editable=False, verbose_name="answer")),
                (
                    "promised_on",
                    models.DateField(editable=False, null=True, verbose_name="date promised in the answer"),
                ),
                ("answered_at", models.DateTimeField(editable=False, null=True, verbose_name="answered at")),
                (
                    "end_reason",
                    models.TextField(blank=True, editable=False, verbose_name="why it was dropped or withdrawn"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
                (
                    "answered_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "cites",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cited_by",
                        to="tracker.slip",
                        verbose_name="cites",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slips",
                        to="tracker.commitment",
                        verbose_name="commitment",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
            ],
            options={
                "verbose_name": "slip",
                "verbose_name_plural": "slips",
                "ordering": [
                    models.OrderBy(models.F("year"), descending=True, nulls_first=True),
                    models.OrderBy(models.F("number"), descending=True, nulls_first=True),
                    "-id",
                ],
                "indexes": [
                    models.Index(condition=models.Q(("state", "issued")), fields=["answer_due_on"], name="slip_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["blue", "yellow", "red"])),
                        name="slip_level_known",
                        violation_error_message="Choose a level from the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "issued", "answered", "dropped", "withdrawn"])),
                        name="slip_state_known",
                        violation_error_message="Choose a state from the list.",
                    ),
                    models.UniqueConstraint(fields=("year", "number"), name="slip_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer_due_on__isnull", False),
                                ("issued_on__isnull", False),
                                ("number__isnull", False),
                                ("state__in", ["issued", "answered", "withdrawn"]),
                                ("year__isnull", False),
                            ),
                            models.Q(
                                models.Q(("state__in", ["issued", "answered", "withdrawn"]), _negated=True),
                                ("issued_on__isnull", True),
                                ("number__isnull", True),
                                ("year__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="slip_numbered_when_issued",
                        violation_error_message="A slip gets its number when it is issued.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cites__isnull", True), ("level", "blue")),
                            models.Q(models.Q(("level", "blue"), _negated=True), ("cites__isnull", False)),
                            _connector="OR",
                        ),
                        name="slip_blue_cites_nothing",
                        violation_error_message="Yellow and red slips cite the one before; a blue one cites none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("promised_on__isnull", False),
                                ("state", "answered"),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "answered"), _negated=True),
                                ("answer", ""),
                                ("answered_at__isnull", True),
                                ("promised_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="slip_answer_is_complete",
                        violation_error_message="An answer needs its words and the date by which it will be done.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("commitment",),
                        name="slip_one_draft_per_commitment",
                        violation_error_message="A draft for this commitment exists already. Issue or drop that one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("not_before", models.DateTimeField(verbose_name="not before")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits to be sent"),
                            ("claimed", "Taken by a worker"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("merged", "Went out with a later message"),
                            ("empty", "Nothing was left to say"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("claimed_at", models.DateTimeField(null=True, verbose_name="claimed at")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
                ("line_count", models.PositiveIntegerField(default=0, verbose_name="matters told")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="last error")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="tracker.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-day", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "claimed", "sending"])),
                        fields=["channel", "not_before", "id"],
                        name="message_outbox",
                    ),
                    models.Index(
                        condition=models.Q(("state", "failed")), fields=["channel", "day"], name="message_failed"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("recipient", "channel", "day"), name="message_one_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "claimed", "sending", "sent", "failed", "merged", "empty"])
                        ),
                        name="message_state_known",
                        violation_error_message="Choose a state from the list.",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_once_for_commitment",
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_once_for_milestone",
        ),
        migrations.RemoveConstraint(
            model_name="reminderrule",
            name="reminderrule_occasion_known",
        ),
        migrations.RemoveIndex(
            model_name="reminder",
            name="reminder_outbox",
        ),
        migrations.AddField(
            model_name="reminder",
            name="audience",
            field=models.CharField(
                choices=[
                    ("officer", "Officers and the owner post"),
                    ("head", "Head of the department"),
                    ("overseer", "Post that oversees"),
                ],
                default="officer",
                max_length=8,
                verbose_name="told as",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="blocker",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="tracker.blocker",
                verbose_name="blocker",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="extension",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="tracker.extensionrequest",
                verbose_name="extension request",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="instruction",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="tracker.instruction",
                verbose_name="instruction",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="occasion",
            field=models.CharField(
                choices=[
                    ("before_due", "Before the due date"),
                    ("on_due", "On the due date"),
                    ("after_due", "After the due date"),
                    ("period_closing", "A reporting window closes"),
                    ("report_returned", "A report was returned"),
                    ("extension_decided", "An extension was decided"),
                    ("blocker_open", "A blocker waits for an answer"),
                    ("blocker_answered", "A blocker was answered"),
                    ("instruction_due", "An instruction waits for an answer"),
                    ("handout_open", "Handed out and not taken on"),
                    ("slip_due", "A supervision slip waits for an answer"),
                    ("by_hand", "Sent by the supervision office"),
                ],
                default="before_due",
                max_length=20,
                verbose_name="occasion",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reminder",
            name="settled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="settled at"),
        ),
        migrations.AddField(
            model_name="reminder",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="read at"),
        ),
        migrations.AddField(
            model_name="reminder",
            name="report",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="tracker.progressreport",
                verbose_name="report",
            ),
        ),
        migrations.AddField(
            model_name="reminderrule",
            name="plan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminder_rules",
                to="tracker.plan",
                verbose_name="plan",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="digest_hour",
            field=models.PositiveSmallIntegerField(
                default=8,
                validators=[django.core.validators.MaxValueValidator(23)],
                verbose_name="hour of the daily message",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="digest_lines",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="What is beyond stands in the inbox, and the message says how many.",
                validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(200)],
                verbose_name="matters in one message",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="quiet_from",
            field=models.PositiveSmallIntegerField(
                default=20,
                validators=[django.core.validators.MaxValueValidator(24)],
                verbose_name="nothing is sent from",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="quiet_until",
            field=models.PositiveSmallIntegerField(
                default=8,
                validators=[django.core.validators.MaxValueValidator(23)],
                verbose_name="nothing is sent before",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="slip_after_days",
            field=models.PositiveSmallIntegerField(
                default=35,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)],
                verbose_name="days after the due date until a blue slip is drafted",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="slip_answer_days",
            field=models.PositiveSmallIntegerField(
                default=5,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)],
                verbose_name="working days to answer a slip",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="slip_next_days",
            field=models.PositiveSmallIntegerField(
                default=7,
                help_text="Counted from the day on which the answer was due, or the date that the answer promised.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)],
                verbose_name="days until the next colour is drafted",
            ),
        ),
        migrations.AddField(
            model_name="sweeprun",
            name="message_count",
            field=models.PositiveIntegerField(default=0, verbose_name="messages"),
        ),
        migrations.AddField(
            model_name="sweeprun",
            name="slip_count",
            field=models.PositiveIntegerField(default=0, verbose_name="drafted slips"),
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
        migrations.AlterField(
            model_name="reminder",
            name="due_on",
            field=models.DateField(verbose_name="date it counts from"),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="offset",
            field=models.SmallIntegerField(verbose_name="days before (−) or after (+) that date"),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="planned_on",
            field=models.DateField(verbose_name="planned for"),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="state",
            field=models.CharField(
                choices=[("planned", "Waits to be sent"), ("sent", "Sent"), ("cancelled", "Not needed any more")],
                default="planned",
                max_length=10,
                verbose_name="state",
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
                    ("period_closing", "A reporting window closes"),
                    ("report_returned", "A report was returned"),
                    ("extension_decided", "An extension was decided"),
                    ("blocker_open", "A blocker waits for an answer"),
                    ("blocker_answered", "A blocker was answered"),
                    ("instruction_due", "An instruction waits for an answer"),
                    ("handout_open", "Handed out and not taken on"),
                    ("slip_due", "A supervision slip waits for an answer"),
                    ("by_hand", "Sent by the supervision office"),
                ],
                max_length=20,
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
                            "settings_revised",
                            "rules_revised",
                            "workdays_revised",
                            "channel_revised",
                            "messages_retried",
                            "preferences_revised",
                            "feed_opened",
                            "feed_revoked",
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
        migrations.AddConstraint(
            model_name="reminderrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "occasion__in",
                        [
                            "before_due",
                            "on_due",
                            "after_due",
                            "period_closing",
                            "report_returned",
                            "extension_decided",
                            "blocker_open",
                            "blocker_answered",
                            "instruction_due",
                            "handout_open",
                            "slip_due",
                            "by_hand",
                        ],
                    )
                ),
                name="reminderrule_occasion_known",
                violation_error_message="Choose an occasion from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitesettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("quiet_from__lte", 24), ("quiet_until__lt", models.F("quiet_from"))),
                name="sitesettings_quiet_hours_leave_a_day",
                violation_error_message="The quiet hours leave no time to send. Let them end before they begin.",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="tracker.reminderruleversion",
                verbose_name="version",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="slip",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="tracker.slip",
                verbose_name="slip",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)), fields=["recipient", "-id"], name="reminder_inbox"
            ),
        ),
        migrations.CreateModel(
            name="MessageLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="tracker.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="tracker.reminder",
                        verbose_name="reminder",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a message",
                "verbose_name_plural": "lines of messages",
                "constraints": [
                    models.UniqueConstraint(fields=("reminder", "channel"), name="messageline_once_by_channel")
                ],
            },
        ),
        migrations.RunPython(events.guard, events.unguard),
    ]
