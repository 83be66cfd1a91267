"""Notes for syncing clients; the indexes by revision also hold the key, so that rows of one revision come in pages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_resident_projects"),
        ("tracker", "0013_api_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="SyncNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(verbose_name="revision")),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("commitment", "Commitment"),
                            ("report", "Report"),
                            ("plan", "Plan"),
                            ("department", "Department"),
                            ("floor", "Floor"),
                        ],
                        max_length=12,
                        verbose_name="subject",
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=40, verbose_name="key")),
                ("scope", models.CharField(blank=True, max_length=24, verbose_name="scope")),
                ("is_leaving", models.BooleanField(default=False, verbose_name="has left the scope’s sight")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
            ],
            options={
                "verbose_name": "sync note",
                "verbose_name_plural": "sync notes",
            },
        ),
        migrations.RemoveIndex(
            model_name="commitment",
            name="commitment_revision",
        ),
        migrations.RemoveIndex(
            model_name="progressreport",
            name="report_revision",
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["revision", "id"], name="commitment_revision"),
        ),
        migrations.AddIndex(
            model_name="progressreport",
            index=models.Index(fields=["revision", "id"], name="report_revision"),
        ),
        migrations.AddIndex(
            model_name="syncnote",
            index=models.Index(fields=["revision", "id"], name="syncnote_revision"),
        ),
        migrations.AddConstraint(
            model_name="syncnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject__in", ["commitment", "report", "plan", "department", "floor"])),
                name="syncnote_subject_known",
                violation_error_message="Choose a subject from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="syncnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_leaving", False), models.Q(("scope", ""), _negated=True), _connector="OR"),
                name="syncnote_leaves_a_scope",
                violation_error_message="What leaves somebody’s sight leaves a scope.",
            ),
        ),
        migrations.AddConstraint(
            model_name="syncnote",
            constraint=models.UniqueConstraint(
                condition=models.Q(("subject", "floor")),
                fields=("subject",),
                name="syncnote_one_floor",
                violation_error_message="There is only one floor.",
            ),
        ),
    ]
