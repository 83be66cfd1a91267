"""Reminders are rows: the row is the truth, the queue is only a doorbell. Rules are versioned data."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tracker.choices import Audience, ReminderOccasion, ReminderState, VersionState
from tracker.models.commitments import Commitment, Milestone
from tracker.models.plans import Plan
from tracker.models.questions import Blocker, ExtensionRequest, Instruction
from tracker.models.reports import ProgressReport
from tracker.models.slips import Slip

# What a reminder may be about beside the commitment itself; at most one of them.
SUBJECTS = ("milestone", "report", "extension", "blocker", "instruction", "slip")


class ReminderRule(models.Model):
    """What to remind of, in which plan. When and whom stands in its version that is in force."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    occasion = models.CharField(_("occasion"), max_length=20, choices=ReminderOccasion)
    # NULL: every plan that has no rule of its own for the occasion.
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="reminder_rules", verbose_name=_("plan")
    )
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


class ReminderRuleVersion(models.Model):
    """When and whom: a ladder of audiences, each with its days (`rules.ladder`). Never changed once it was in force."""

    rule = models.ForeignKey(ReminderRule, on_delete=models.PROTECT, related_name="versions", verbose_name=_("rule"))
    number = models.PositiveSmallIntegerField(_("version"))
    ladder = models.JSONField(_("ladder"), default=list)
    counts_working_days = models.BooleanField(_("days are working days"), default=False)
    note = models.CharField(_("why"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=VersionState, default=VersionState.DRAFT, editable=False)
    # NULL: delivered with the software.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    live_from = models.DateField(_("in force from"), null=True, editable=False)
    retired_on = models.DateField(_("replaced on"), null=True, editable=False)

    class Meta:
        verbose_name = _("version of a reminder rule")
        verbose_name_plural = _("versions of reminder rules")
        ordering = ["rule", "-number"]
        constraints = [
            models.UniqueConstraint(name="reminderversion_number_once", fields=["rule", "number"]),
            models.UniqueConstraint(
                name="reminderversion_one_live_per_rule", fields=["rule"], condition=Q(state=VersionState.LIVE)
            ),
            models.CheckConstraint(
                name="reminderversion_state_known",
                condition=Q(state__in=VersionState.values),
                violation_error_message=_("Choose a state from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.number}"


class Reminder(models.Model):
    """One duty told to one person, once: unique on (commitment, subject, occasion, offset, due date, recipient).

    It stands in the person's inbox from the moment it is written; messages carry it further.
    """

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("commitment")
    )
    # NULL in all six: the reminder is about the commitment itself.
    milestone = models.ForeignKey(
        Milestone,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("milestone"),
    )
    report = models.ForeignKey(
        ProgressReport, on_delete=models.CASCADE, null=True, related_name="reminders", verbose_name=_("report")
    )
    extension = models.ForeignKey(
        ExtensionRequest,
        on_delete=models.CASCADE,
        null=True,
        related_name="reminders",
        verbose_name=_("extension request"),
    )
    blocker = models.ForeignKey(
        Blocker, on_delete=models.CASCADE, null=True, related_name="reminders", verbose_name=_("blocker")
    )
    instruction = models.ForeignKey(
        Instruction, on_delete=models.CASCADE, null=True, related_name="reminders", verbose_name=_("instruction")
    )
    slip = models.ForeignKey(
        Slip, on_delete=models.CASCADE, null=True, related_name="reminders", verbose_name=_("slip")
    )
    rule = models.ForeignKey(ReminderRule, on_delete=models.PROTECT, related_name="reminders", verbose_name=_("rule"))
    # NULL: sent by hand, or planned before rules had versions.
    version = models.ForeignKey(
        ReminderRuleVersion, on_delete=models.PROTECT, null=True, related_name="reminders", verbose_name=_("version")
    )
    occasion = models.CharField(_("occasion"), max_length=20, choices=ReminderOccasion)
    audience = models.CharField(_("told as"), max_length=8, choices=Audience, default=Audience.OFFICER)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders", verbose_name=_("recipient")
    )
    due_on = models.DateField(_("date it counts from"))
    offset = models.SmallIntegerField(_("days before (−) or after (+) that date"))
    # What the office says with a reminder by hand.
    note = models.TextField(_("words of the office"), blank=True, default="", db_default="")
    planned_on = models.DateField(_("planned for"))
    state = models.CharField(_("state"), max_length=10, choices=ReminderState, default=ReminderState.PLANNED)
    # NULL: no message has carried it yet.
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # NULL: it still stands. Set when nothing is asked any more, whether or not it was sent; the inbox shows it no more.
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    # NULL: not looked at in the inbox.
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
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
            models.CheckConstraint(
                name="reminder_occasion_known",
                condition=Q(occasion__in=ReminderOccasion.values, audience__in=Audience.values),
                violation_error_message=_("Choose an occasion from the list."),
            ),
            # Partial constraints, because NULL subjects count as different from each other.
            models.UniqueConstraint(
                name="reminder_once_for_commitment",
                fields=["commitment", "occasion", "offset", "due_on", "recipient"],
                condition=Q(**{f"{name}__isnull": True for name in SUBJECTS}),
            ),
            *(
                models.UniqueConstraint(
                    name=f"reminder_once_for_{name}",
                    fields=[name, "occasion", "offset", "due_on", "recipient"],
                    condition=Q(**{f"{name}__isnull": False}),
                )
                for name in SUBJECTS
            ),
        ]
        indexes = [
            # Composing messages and cancelling: what waits to be sent.
            models.Index(name="reminder_outbox", fields=["planned_on", "recipient"], condition=Q(state="planned")),
            # The inbox of one person, newest first.
            models.Index(name="reminder_inbox", fields=["recipient", "-id"], condition=Q(settled_at__isnull=True)),
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
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    slip_count = models.PositiveIntegerField(_("drafted slips"), default=0)

    class Meta:
        verbose_name = _("run of the sweep")
        verbose_name_plural = _("runs of the sweep")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return str(self.day)
