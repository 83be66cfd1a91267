"""The roll-up is kept by the database: triggers append a difference to `LightCell` in the very transaction that changes
a commitment, so that nothing can change without it, and no two writers wait for each other at one row.
"""

from django.db import migrations, models

from tracker.migrations import _rollup


class Migration(migrations.Migration):
    dependencies = [("tracker", "0006_lights")]

    operations = [
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(name="commitment_light_due", fields=["health", "due_on", "health_since", "code"]),
        ),
        migrations.RunPython(_rollup.begin, migrations.RunPython.noop),
        migrations.RunPython(_rollup.guard, _rollup.unguard),
    ]
