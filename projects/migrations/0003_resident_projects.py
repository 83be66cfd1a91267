"""The park that a project stands in."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_initials"),
    ]

    operations = [
        migrations.AddField(
            model_name="projectdetails",
            name="park",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="projects",
                to="projects.parkdetails",
                verbose_name="park it stands in",
            ),
        ),
    ]
