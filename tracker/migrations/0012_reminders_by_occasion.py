"""What 0011 has made true of the data is now required of it; the columns it read are gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0011_rules_get_versions")]

    operations = [
        migrations.RemoveField(
            model_name="reminder",
            name="attempts",
        ),
        migrations.RemoveField(
            model_name="reminder",
            name="claimed_at",
        ),
        migrations.RemoveField(
            model_name="reminder",
            name="error",
        ),
        migrations.RemoveField(
            model_name="reminderrule",
            name="offsets",
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("state", "planned")), fields=["planned_on", "recipient"], name="reminder_outbox"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "sent", "cancelled"])),
                name="reminder_state_known",
                violation_error_message="Choose a state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("audience__in", ["officer", "head", "overseer"]),
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
                    ),
                ),
                name="reminder_occasion_known",
                violation_error_message="Choose an occasion from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("blocker__isnull", True),
                    ("extension__isnull", True),
                    ("instruction__isnull", True),
                    ("milestone__isnull", True),
                    ("report__isnull", True),
                    ("slip__isnull", True),
                ),
                fields=("commitment", "occasion", "offset", "due_on", "recipient"),
                name="reminder_once_for_commitment",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("milestone__isnull", False)),
                fields=("milestone", "occasion", "offset", "due_on", "recipient"),
                name="reminder_once_for_milestone",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("report__isnull", False)),
                fields=("report", "occasion", "offset", "due_on", "recipient"),
                name="reminder_once_for_report",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("extension__isnull", False)),
                fields=("extension", "occasion", "offset", "due_on", "recipient"),
                name="reminder_once_for_extension",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("blocker__isnull", False)),
                fields=("blocker", "occasion", "offset", "due_on", "recipient"),
                name="reminder_once_for_blocker",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("instruction__isnull", False)),
                fields=("instruction", "occasion", "offset", "due_on", "recipient"),
                name="reminder_once_for_instruction",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("slip__isnull", False)),
                fields=("slip", "occasion", "offset", "due_on", "recipient"),
                name="reminder_once_for_slip",
            ),
        ),
    ]
