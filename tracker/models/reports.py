"""Progress reports: draft → submitted → returned or accepted."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Reading, Stamped
from tracker.choices import OPEN_REPORT_STATES, ReportState
from tracker.models.commitments import PERCENT, Commitment


class ProgressReport(Stamped):
    """What a department says of one period. At most one report of a commitment is open at a time."""

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="reports", verbose_name=_("commitment")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports", verbose_name=_("author")
    )
    period_start = models.DateField(_("period starts on"))
    period_end = models.DateField(_("period ends on"))

    done = models.TextField(_("what was done"), blank=True)
    problems = models.TextField(_("problems"), blank=True)
    next_steps = models.TextField(_("next steps"), blank=True)
    is_no_change = models.BooleanField(_("nothing changed"), default=False)
    progress = models.DecimalField(
        _("progress (%)"), max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )
    value = models.DecimalField(_("value of the indicator"), max_digits=18, decimal_places=4, null=True, blank=True)
    forecast_on = models.DateField(_("forecast date"), null=True, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.DRAFT, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_reports",
        editable=False,
        verbose_name=_("reviewer"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True, editable=False)
    return_reason = models.TextField(_("why it was returned"), blank=True, editable=False)
    # NULL: the report brought no value of an indicator.
    reading = models.ForeignKey(
        Reading,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        editable=False,
        verbose_name=_("reading"),
    )
    is_late = models.BooleanField(
        _("late"), default=False, editable=False, help_text=_("First handed in after its period closed.")
    )
    doubts = models.JSONField(
        _("figures that were questioned"),
        default=list,
        blank=True,
        editable=False,
        help_text=_("Codes, see rules.sanity."),
    )
    doubts_answer = models.TextField(
        _("why the figures are right"), blank=True, help_text=_("Asked where a figure is unusual.")
    )
    # NULL: written in a page. Set by mobile clients so that a retry finds the first result.
    client_ref = models.UUIDField(_("client reference"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["-period_end", "-id"]
        constraints = [
            models.CheckConstraint(
                name="report_state_known",
                condition=Q(state__in=ReportState.values),
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                name="report_period_in_order",
                condition=Q(period_end__gte=F("period_start")),
                violation_error_message=_("The period ends before it starts. Correct one of the two dates."),
            ),
            models.CheckConstraint(
                name="report_progress_in_range",
                condition=Q(progress__isnull=True) | Q(progress__gte=0, progress__lte=100),
                violation_error_message=_("Progress lies between 0 and 100 percent. Enter a number in this range."),
            ),
            models.UniqueConstraint(
                name="report_one_open_per_commitment",
                fields=["commitment"],
                condition=Q(state__in=sorted({*OPEN_REPORT_STATES, ReportState.SUBMITTED})),
                violation_error_message=_("This commitment already has an open report. Finish that one first."),
            ),
            models.UniqueConstraint(
                name="report_client_ref_once_per_author",
                fields=["author", "client_ref"],
                condition=Q(client_ref__isnull=False),
                violation_error_message=_("This report was already received."),
            ),
            models.CheckConstraint(
                name="report_returned_says_why",
                condition=~Q(state=ReportState.RETURNED) | ~Q(return_reason=""),
                violation_error_message=_("Say why the report is returned."),
            ),
            models.CheckConstraint(
                name="report_not_reviewed_by_its_author",
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")),
                violation_error_message=_("Nobody accepts their own report."),
            ),
        ]
        indexes = [
            # The review queue: oldest submission first.
            models.Index(name="report_queue", fields=["state", "submitted_at"]),
            # Mobile sync.
            models.Index(name="report_revision", fields=["revision", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.period_end}"
