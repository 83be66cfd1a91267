"""What a report says beside its words: a project's three quantities, and what supporting departments contributed."""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.choices import ProjectStage
from projects.models import Stamped
from tracker.models.commitments import Commitment
from tracker.models.people import Department
from tracker.models.reports import ProgressReport


class ReportVolumes(models.Model):
    """The three quantities 三量 of a project's report: investment (10 000 yuan), physical progress, work volume.

    NULL means not said. Shares may exceed 100 %: the form asks why, nothing is blocked (PRODUCT.md §4, rule 10).
    """

    report = models.OneToOneField(
        ProgressReport, on_delete=models.CASCADE, primary_key=True, related_name="volumes", verbose_name=_("report")
    )
    invested_month_wan = models.DecimalField(
        _("invested this month (10 000 yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    invested_year_wan = models.DecimalField(
        _("invested since January (10 000 yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    physical_percent = models.DecimalField(
        _("physical progress (%)"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    work_percent = models.DecimalField(
        _("work volume (%)"), max_digits=6, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    stage = models.CharField(_("stage of the project"), max_length=20, choices=ProjectStage, blank=True)
    in_statistics = models.BooleanField(_("registered in the statistics"), null=True, blank=True)
    in_statistics_on = models.DateField(_("registered in the statistics on"), null=True, blank=True)

    class Meta:
        verbose_name = _("three quantities of a report")
        verbose_name_plural = _("three quantities of reports")
        constraints = [
            models.CheckConstraint(
                name="volumes_stage_known",
                condition=Q(stage__in=["", *ProjectStage.values]),
                violation_error_message=_("Choose a stage from the list."),
            ),
            models.CheckConstraint(
                name="volumes_not_negative",
                condition=(Q(invested_month_wan__isnull=True) | Q(invested_month_wan__gte=0))
                & (Q(invested_year_wan__isnull=True) | Q(invested_year_wan__gte=0))
                & (Q(physical_percent__isnull=True) | Q(physical_percent__gte=0))
                & (Q(work_percent__isnull=True) | Q(work_percent__gte=0)),
                violation_error_message=_("The three quantities are not negative. Enter 0 or more."),
            ),
            models.CheckConstraint(
                name="volumes_date_only_when_registered",
                condition=Q(in_statistics_on__isnull=True) | Q(in_statistics=True, in_statistics__isnull=False),
                violation_error_message=_("A day of registration needs the answer “yes”. Correct one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.report_id)


class Contribution(Stamped):
    """What a responsible or supporting department hands to the lead for one period, before the lead reports."""

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="contributions", verbose_name=_("commitment")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="contributions", verbose_name=_("department")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contributions", verbose_name=_("author")
    )
    period_start = models.DateField(_("period starts on"))
    period_end = models.DateField(_("period ends on"))
    text = models.TextField(_("what we did"), blank=True)
    is_no_change = models.BooleanField(_("nothing changed"), default=False)
    is_late = models.BooleanField(_("late"), default=False, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-period_end", "commitment", "department"]
        constraints = [
            models.UniqueConstraint(
                name="contribution_once_per_period",
                fields=["commitment", "department", "period_start"],
                violation_error_message=_("Your department already contributed for this period. Change that one."),
            ),
            models.CheckConstraint(
                name="contribution_period_in_order",
                condition=Q(period_end__gte=F("period_start")),
                violation_error_message=_("The period ends before it starts. Correct one of the two dates."),
            ),
            models.CheckConstraint(
                name="contribution_says_something",
                condition=~Q(text="") | Q(is_no_change=True),
                violation_error_message=_("Write what was done or tick “nothing changed”."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}/{self.department_id} {self.period_end}"
