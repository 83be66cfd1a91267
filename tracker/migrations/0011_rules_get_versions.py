"""The days of each rule become its first version; reminders learn their occasion; e-mail becomes a channel."""

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.utils import timezone

DIRECTION = {"before_due": -1}


def forward(apps, schema_editor):
    """A sign for each day, one rung for the officers, as it was until now."""
    version = apps.get_model("tracker", "ReminderRuleVersion")
    rule_model, reminder = apps.get_model("tracker", "ReminderRule"), apps.get_model("tracker", "Reminder")
    for rule in rule_model.objects.exclude(occasion="by_hand"):
        given = rule.offsets if isinstance(rule.offsets, list) else []
        days = [0] if rule.occasion == "on_due" else [d for d in given if type(d) is int]
        signed = sorted({DIRECTION.get(rule.occasion, 1) * abs(day) for day in days})
        ladder = [{"audience": "officer", "days": signed, "every": 0, "most": 0, "growth": 100}]
        version.objects.create(
            rule=rule, number=1, ladder=ladder, state="live", live_from=rule.last_run_on or timezone.localdate()
        )
    occasion = rule_model.objects.filter(pk=OuterRef("rule_id")).values("occasion")
    reminder.objects.update(occasion=Subquery(occasion))
    # A claim of the old kind is taken up again; what had failed for good is not sent months later.
    reminder.objects.filter(state="claimed").update(state="planned")
    reminder.objects.filter(state="failed").update(state="cancelled")
    reminder.objects.filter(state="cancelled").update(settled_at=timezone.now())
    apps.get_model("tracker", "Channel").objects.get_or_create(
        code="email",
        defaults={
            "name": "电子邮件",
            "kind": "email",
            "is_default": True,
            # Off until configured; where letters went out already it stays on.
            "is_active": reminder.objects.filter(state="sent").exists(),
        },
    )


def backward(apps, schema_editor):
    """The first rung of the version in force becomes the days of the rule; other occasions did not exist."""
    rule_model = apps.get_model("tracker", "ReminderRule")
    apps.get_model("tracker", "MessageLine").objects.all().delete()
    apps.get_model("tracker", "Message").objects.all().delete()
    known = ["before_due", "on_due", "after_due", "by_hand"]
    apps.get_model("tracker", "Reminder").objects.exclude(occasion__in=known).delete()
    for version in apps.get_model("tracker", "ReminderRuleVersion").objects.filter(state="live"):
        days = [abs(day) for rung in version.ladder[:1] for day in rung["days"]]
        rule_model.objects.filter(pk=version.rule_id).update(offsets=days)
    apps.get_model("tracker", "Reminder").objects.update(version=None)
    apps.get_model("tracker", "ReminderRuleVersion").objects.all().delete()
    rule_model.objects.exclude(occasion__in=known).delete()


class Migration(migrations.Migration):
    dependencies = [("tracker", "0010_reminders_and_slips")]

    operations = [migrations.RunPython(forward, backward)]
