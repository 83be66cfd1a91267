"""Pinyin initials for search; physical progress and work volume may exceed 100 %, with a reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="projectdetails",
            name="project_percent_in_range",
        ),
        migrations.AddField(
            model_name="indicator",
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
            model_name="initiative",
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
            model_name="projectdetails",
            name="physical_percent",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="physical progress (%)"
            ),
        ),
        migrations.AlterField(
            model_name="projectdetails",
            name="work_percent",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="work volume (%)"
            ),
        ),
        migrations.AddConstraint(
            model_name="projectdetails",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("physical_percent__isnull", True), ("physical_percent__gte", 0), _connector="OR"),
                    models.Q(("work_percent__isnull", True), ("work_percent__gte", 0), _connector="OR"),
                ),
                name="project_percent_not_negative",
                violation_error_message="A share is not negative. Enter 0 or more.",
            ),
        ),
    ]
