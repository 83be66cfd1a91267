"""The list of changes over all plans, newest day first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0008_chain_check"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="lightchange",
            options={
                "ordering": ["-on", "-pk"],
                "verbose_name": "change of a light",
                "verbose_name_plural": "changes of lights",
            },
        ),
        migrations.AddIndex(
            model_name="lightchange",
            index=models.Index(fields=["-on", "-id"], name="lightchange_day"),
        ),
    ]
