"""The policy document and its clauses."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Jurisdiction, Stamped


class ReportCycle(models.TextChoices):
    """How often a report is owed. The values are those of `rules.periods.Cycle`."""

    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    NONE = "none", _("No regular reports")


class Plan(Stamped):
    """A decision or plan to be carried out."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    short_title = models.CharField(_("short title"), max_length=60)
    issuer = models.CharField(_("issuer"), max_length=120)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, verbose_name=_("jurisdiction"))
    # NULL: the day of adoption is not known.
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    horizon_starts_on = models.DateField(_("runs from"))
    horizon_ends_on = models.DateField(_("runs until"))
    # NULL: the plan compares with no year.
    baseline_year = models.PositiveSmallIntegerField(_("base year"), null=True, blank=True)
    source_note = models.TextField(_("source"), blank=True)
    report_cycle = models.CharField(_("reports are owed"), max_length=8, choices=ReportCycle, default=ReportCycle.MONTH)
    report_grace_days = models.PositiveSmallIntegerField(
        _("days to report after a period ends"), default=5, validators=[MaxValueValidator(60)]
    )
    # NULL: from the first day of the period.
    report_opens_days = models.PositiveSmallIntegerField(
        _("reports open this many days before the period ends"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(92)],
        help_text=_("Empty: from the period’s first day."),
    )
    late_periods = models.PositiveSmallIntegerField(
        _("closed periods that may still be reported, marked late"), default=1, validators=[MaxValueValidator(12)]
    )
    support_days = models.PositiveSmallIntegerField(
        _("supporting departments contribute this many days before reports close"),
        default=3,
        validators=[MaxValueValidator(30)],
    )
    # NULL: not handed out yet, so that no report is owed.
    tracked_since = models.DateField(_("reports owed from"), null=True, blank=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="plan_horizon_in_order",
                condition=Q(horizon_ends_on__gte=F("horizon_starts_on")),
                violation_error_message=_("The plan ends before it starts. Correct one of the two dates."),
            ),
            models.CheckConstraint(
                name="plan_report_cycle_known",
                condition=Q(report_cycle__in=ReportCycle.values),
                violation_error_message=_("Choose a reporting cycle from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_title


class Clause(Stamped):
    """One piece of a plan. `summary` is our wording; `verbatim` holds the source's words, if they may be kept."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="clauses", verbose_name=_("plan"))
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    # The chapter it stands in (itself for a chapter): kept by actions.plans so that lists group without climbing.
    chapter = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("chapter"),
    )
    code = models.CharField(_("code"), max_length=20)
    order = models.PositiveIntegerField(_("order"), default=0)
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    verbatim = models.TextField(_("verbatim text"), blank=True)
    needs_no_commitment = models.BooleanField(
        _("needs no commitment"), default=False, help_text=_("Read and judged: nothing in it is to be delivered.")
    )
    no_commitment_reason = models.CharField(_("why it needs none"), max_length=200, blank=True)
    # NULL: the paragraph of the source is not known.
    paragraph = models.PositiveIntegerField(_("paragraph of the source"), null=True, blank=True)

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(
                name="clause_code_once_per_plan",
                fields=["plan", "code"],
                violation_error_message=_("The plan already has a clause with this code."),
            ),
            models.CheckConstraint(
                name="clause_judged_with_a_reason",
                condition=Q(needs_no_commitment=False) | ~Q(no_commitment_reason=""),
                violation_error_message=_("Say why the clause needs no commitment."),
            ),
            models.CheckConstraint(
                name="clause_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("A clause cannot be its own parent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.heading}"
