"""Reminders are rows: the row is the truth, the queue is only a doorbell."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tracker.choices import ReminderOccasion, ReminderState
from tracker.models.commitments import Commitment, Milestone


class ReminderRule(models.Model):
    """When to remind. Offsets are whole days before or after the due date."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    occasion = models.CharField(_("occasion"), max_length=12, choices=ReminderOccasion)
    offsets = models.JSONField(_("days"), default=list, help_text=_("For example [30, 14, 7, 3, 1]."))
    is_active = models.BooleanField(_("active"), default=True)
    last_run_on = models.DateField(_("last run"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="reminderrule_occasion_known",
                condition=Q(occasion__in=ReminderOccasion.values),
                violation_error_message=_("Choose an occasion from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Reminder(models.Model):
    """One message owed to one person. Unique on (commitment, milestone, rule, offset, due date, recipient)."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("commitment")
    )
    # NULL: the reminder is about the commitment's own date.
    milestone = models.ForeignKey(
        Milestone,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("milestone"),
    )
    rule = models.ForeignKey(ReminderRule, on_delete=models.PROTECT, related_name="reminders", verbose_name=_("rule"))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders", verbose_name=_("recipient")
    )
    due_on = models.DateField(_("due date"))
    offset = models.SmallIntegerField(_("days before (−) or after (+) the due date"))
    planned_on = models.DateField(_("to be sent on"))
    state = models.CharField(_("state"), max_length=10, choices=ReminderState, default=ReminderState.PLANNED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_default=Now())
    is_demo = models.BooleanField(_("demonstration"), default=False, db_default=False)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-planned_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="reminder_state_known",
                condition=Q(state__in=ReminderState.values),
                violation_error_message=_("Choose a state from the list."),
            ),
            # Two partial constraints, because NULL milestones count as different from each other.
            models.UniqueConstraint(
                name="reminder_once_for_commitment",
                fields=["commitment", "rule", "offset", "due_on", "recipient"],
                condition=Q(milestone__isnull=True),
            ),
            models.UniqueConstraint(
                name="reminder_once_for_milestone",
                fields=["commitment", "milestone", "rule", "offset", "due_on", "recipient"],
                condition=Q(milestone__isnull=False),
            ),
        ]
        indexes = [
            # Delivery: what waits to be sent, oldest first.
            models.Index(
                name="reminder_outbox",
                fields=["planned_on", "id"],
                condition=Q(state__in=["planned", "claimed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.planned_on}"


class SweepRun(models.Model):
    """One run of the daily sweep: the heartbeat that proves it ran, and from which missed days are caught up."""

    day = models.DateField(_("day"), db_index=True)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    reassessed_count = models.PositiveIntegerField(_("reassessed"), default=0)
    changed_count = models.PositiveIntegerField(_("changed"), default=0)
    failed_count = models.PositiveIntegerField(_("failed"), default=0)
    reminder_count = models.PositiveIntegerField(_("reminders"), default=0)

    class Meta:
        verbose_name = _("run of the sweep")
        verbose_name_plural = _("runs of the sweep")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return str(self.day)
