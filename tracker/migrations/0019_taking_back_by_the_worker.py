"""Large imports are taken back by the worker: who asked, why, since when work waits; a file’s rows are kept."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0018_list_layouts"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ledgerimport",
            name="ledgerimport_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="ledgerimport",
            name="ledgerimport_done_has_time",
        ),
        migrations.RemoveIndex(
            model_name="ledgerimport",
            name="ledgerimport_waiting",
        ),
        migrations.AddField(
            model_name="ledgerfile",
            name="rows",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="ledgerimport",
            name="revert_reason",
            field=models.TextField(blank=True, verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="ledgerimport",
            name="reverted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken back by",
            ),
        ),
        migrations.AddField(
            model_name="ledgerimport",
            name="waits_since",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name="ledgerimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Being read"),
                    ("refused", "Cannot be read"),
                    ("ready", "Waiting for your confirmation"),
                    ("confirmed", "Being entered"),
                    ("done", "Entered"),
                    ("dropped", "Laid aside"),
                    ("leaving", "Being taken back"),
                    ("reverted", "Taken back"),
                ],
                default="waiting",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerimport",
            index=models.Index(
                condition=models.Q(("state__in", ("waiting", "confirmed", "leaving"))),
                fields=["id"],
                name="ledgerimport_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["waiting", "refused", "ready", "confirmed", "done", "dropped", "leaving", "reverted"],
                    )
                ),
                name="ledgerimport_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["done", "leaving", "reverted"]), _negated=True),
                    ("done_at__isnull", False),
                    _connector="OR",
                ),
                name="ledgerimport_done_has_time",
            ),
        ),
    ]
