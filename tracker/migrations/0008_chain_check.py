"""When the whole event chain was verified, how far, and whether it held."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0007_rollup")]

    operations = [
        migrations.CreateModel(
            name="ChainCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("event_count", models.BigIntegerField(verbose_name="events")),
                ("broken_seq", models.BigIntegerField(null=True, verbose_name="first event that does not fit")),
                ("problem", models.CharField(blank=True, max_length=12, verbose_name="problem")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "check of the event chain",
                "verbose_name_plural": "checks of the event chain",
                "ordering": ["-pk"],
            },
        ),
    ]
