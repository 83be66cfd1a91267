"""Who outside is told of what happens, and every telling."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0014_sync_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.BigIntegerField(default=0, editable=False, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="subscription’s name")),
                ("wants_changes", models.BooleanField(default=True, verbose_name="commitments that changed")),
                ("wants_reports", models.BooleanField(default=True, verbose_name="reports that were accepted")),
                ("wants_lights", models.BooleanField(default=True, verbose_name="lights that changed")),
                ("is_active", models.BooleanField(default=False, verbose_name="switched on")),
                ("address", models.TextField(blank=True, editable=False, verbose_name="address")),
                ("secret", models.TextField(blank=True, editable=False, verbose_name="secret")),
                ("former_secret", models.TextField(blank=True, editable=False, verbose_name="former secret")),
                (
                    "former_until",
                    models.DateTimeField(editable=False, null=True, verbose_name="former secret valid until"),
                ),
                ("mark", models.BigIntegerField(editable=False, null=True, verbose_name="told up to event")),
                ("failures", models.PositiveIntegerField(default=0, editable=False, verbose_name="failures in a row")),
                ("retry_at", models.DateTimeField(editable=False, null=True, verbose_name="next try")),
                ("last_ok_at", models.DateTimeField(editable=False, null=True, verbose_name="last told")),
                ("last_error", models.CharField(blank=True, editable=False, max_length=500, verbose_name="last error")),
                (
                    "last_error_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="time of the last error"),
                ),
                ("tested_at", models.DateTimeField(editable=False, null=True, verbose_name="tested at")),
                (
                    "test_error",
                    models.CharField(blank=True, editable=False, max_length=500, verbose_name="what the test found"),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "subscription",
                "verbose_name_plural": "subscriptions",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(verbose_name="number of the event")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("commitment.changed", "Commitment changed"),
                            ("report.accepted", "Report accepted"),
                            ("light.changed", "Light changed"),
                        ],
                        max_length=20,
                        verbose_name="what is told",
                    ),
                ),
                ("ref", models.UUIDField(unique=True, verbose_name="key of the delivery")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Given up"),
                            ("unseen", "No longer in sight"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("not_before", models.DateTimeField(verbose_name="not before")),
                ("gives_up_at", models.DateTimeField(verbose_name="tried until")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("claim", models.UUIDField(null=True, verbose_name="claim")),
                ("claimed_at", models.DateTimeField(null=True, verbose_name="claimed at")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="status of the answer")),
                ("took_ms", models.PositiveIntegerField(null=True, verbose_name="milliseconds")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="last error")),
                ("is_demo", models.BooleanField(default=False, verbose_name="demonstration")),
                ("planned_at", models.DateTimeField(verbose_name="planned at")),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.commitment",
                        verbose_name="commitment",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.event",
                        verbose_name="event",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="tracker.subscription",
                        verbose_name="subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("wants_changes", True), ("wants_reports", True), ("wants_lights", True), _connector="OR"
                ),
                name="subscription_wants_something",
                violation_error_code="wants_nothing",
                violation_error_message="Choose at least one thing that is told.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("former_secret", ""), ("former_until__isnull", True)),
                    models.Q(models.Q(("former_secret", ""), _negated=True), ("former_until__isnull", False)),
                    _connector="OR",
                ),
                name="subscription_former_secret_ends",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])),
                fields=["subscription", "seq"],
                name="delivery_outbox",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])),
                fields=["subscription", "commitment", "seq"],
                name="delivery_order",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "failed")), fields=["subscription", "planned_at"], name="delivery_failed"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("subscription", "event"), name="delivery_once_by_subscription"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "sending", "sent", "failed", "unseen"])),
                name="delivery_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["commitment.changed", "report.accepted", "light.changed"])),
                name="delivery_kind_known",
            ),
        ),
    ]
