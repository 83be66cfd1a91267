"""What is said to a person goes out at once: kinds of messages, the words of the office, and, where a site has rules
already, the rules that tell of a slip or an instruction on its day.
"""

from django.db import migrations, models
from django.utils import timezone

# As `actions.reminder_rules.DEFAULTS` had them when this was written.
SAME_DAY = (("instruction-given", "instruction_given"), ("slip-issued", "slip_issued"))


def add_rules(apps, schema_editor):
    """In force from today; a site without rules gets them when it is loaded."""
    rule_model, version = apps.get_model("tracker", "ReminderRule"), apps.get_model("tracker", "ReminderRuleVersion")
    if not rule_model.objects.exclude(occasion="by_hand").exists():
        return
    same = {"days": [0], "every": 0, "most": 0, "growth": 100}
    ladder = [{"audience": one, **same} for one in ("officer", "head")]
    today = timezone.localdate()
    for code, occasion in SAME_DAY:
        rule, is_new = rule_model.objects.get_or_create(code=code, defaults={"occasion": occasion})
        if is_new:
            version.objects.create(
                rule=rule, number=1, ladder=ladder, counts_working_days=True, state="live", live_from=today
            )


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0015_subscriptions"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="message_one_a_day",
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="message_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_occasion_known",
        ),
        migrations.RemoveConstraint(
            model_name="reminderrule",
            name="reminderrule_occasion_known",
        ),
        migrations.RemoveConstraint(
            model_name="reminderruleversion",
            name="reminderversion_state_known",
        ),
        migrations.AddField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[("digest", "Message of the day"), ("prompt", "Sent at once")],
                db_default="digest",
                default="digest",
                max_length=6,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="note",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="words of the office"),
        ),
        migrations.AlterField(
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
                    ("instruction_given", "An instruction was given"),
                    ("instruction_due", "An instruction waits for an answer"),
                    ("handout_open", "Handed out and not taken on"),
                    ("slip_issued", "A supervision slip was issued"),
                    ("slip_due", "A supervision slip waits for an answer"),
                    ("by_hand", "Sent by the supervision office"),
                ],
                max_length=20,
                verbose_name="occasion",
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
                    ("instruction_given", "An instruction was given"),
                    ("instruction_due", "An instruction waits for an answer"),
                    ("handout_open", "Handed out and not taken on"),
                    ("slip_issued", "A supervision slip was issued"),
                    ("slip_due", "A supervision slip waits for an answer"),
                    ("by_hand", "Sent by the supervision office"),
                ],
                max_length=20,
                verbose_name="occasion",
            ),
        ),
        migrations.AlterField(
            model_name="reminderruleversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("live", "In force"),
                    ("retired", "Replaced"),
                    ("dropped", "Dropped before it was in force"),
                ],
                default="draft",
                editable=False,
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("recipient", "channel", "day", "kind"), name="message_one_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["digest", "prompt"]),
                    ("state__in", ["waiting", "claimed", "sending", "sent", "failed", "merged", "empty"]),
                ),
                name="message_state_known",
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
                            "instruction_given",
                            "instruction_due",
                            "handout_open",
                            "slip_issued",
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
                            "instruction_given",
                            "instruction_due",
                            "handout_open",
                            "slip_issued",
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
            model_name="reminderruleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "live", "retired", "dropped"])),
                name="reminderversion_state_known",
                violation_error_message="Choose a state from the list.",
            ),
        ),
        migrations.RunPython(add_rules, migrations.RunPython.noop),
    ]
