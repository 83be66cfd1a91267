"""The commitment: one deliverable with one lead owner and one date; its other departments and its milestones."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Initiative, Stamped
from tracker.choices import DueBasis, Health, Involvement, Kind, ProgressBasis, Stage
from tracker.models.people import Department, Post
from tracker.models.plans import Clause, Plan

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class Standing(models.Manager["Commitment"]):
    """The commitments that stand in the ledger; one that was taken out again is left to its history."""

    def get_queryset(self) -> models.QuerySet["Commitment"]:
        return super().get_queryset().filter(withdrawn_at__isnull=True)


class Commitment(Stamped):
    """One promise. Derived columns (health …) are written by `actions.health` only; pages never recompute."""

    objects = Standing()
    everything: models.Manager["Commitment"] = models.Manager()

    # Identity
    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    initials = models.CharField(
        _("pinyin initials"),
        max_length=120,
        blank=True,
        editable=False,
        help_text=_("Written with the title, for search."),
    )
    summary = models.TextField(_("what counts as done"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)

    # Relations
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="commitments", verbose_name=_("plan"))
    # NULL: handed out without a place in a text.
    clause = models.ForeignKey(
        Clause, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("clause")
    )
    # Characters of the source text, half-open. NULL: not located.
    span_start = models.PositiveIntegerField(_("first character"), null=True, blank=True)
    span_end = models.PositiveIntegerField(_("character after the last"), null=True, blank=True)
    initiative = models.ForeignKey(
        Initiative,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("initiative"),
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    # NULL: nobody owns it yet, which pages say.
    lead = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led",
        verbose_name=_("lead department"),
    )
    lead_is_suggested = models.BooleanField(
        _("lead is a suggestion"),
        default=False,
        help_text=_("Suggested by the ledger, not confirmed by the supervision office."),
    )
    # NULL: no refusal stands. Whom the refusing department named as the right owner.
    proposed_lead = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("lead proposed by the refusal"),
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("owner post")
    )
    departments = models.ManyToManyField(
        Department, through="CommitmentDepartment", related_name="joined", verbose_name=_("other departments")
    )

    # Facts
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    original_due_on = models.DateField(
        _("original due date"), null=True, blank=True, editable=False, help_text=_("Never changes after it was set.")
    )
    due_on = models.DateField(_("due date"), null=True, blank=True)
    due_text = models.CharField(_("due date in words"), max_length=80, blank=True)
    due_basis = models.CharField(_("the date rests on"), max_length=10, choices=DueBasis, blank=True, default="")
    is_continuous = models.BooleanField(
        _("continuous work"), default=False, help_text=_("Has no end date and is never overdue.")
    )
    is_red_line = models.BooleanField(_("red line"), default=False, help_text=_("Kept or broken, never a percentage."))
    red_line_broken_on = models.DateField(_("red line broken on"), null=True, blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    # NULL: not marked public, or marked before the day was kept; then public pages do not show it.
    published_on = models.DateField(_("marked public on"), null=True, blank=True, editable=False)
    exempt_until = models.DateField(_("exempt until"), null=True, blank=True)
    is_assessed_by_current_date = models.BooleanField(
        _("assessed by the current date"),
        default=False,
        editable=False,
        help_text=_("Set by an extension that was approved as an exemption; otherwise the original date counts."),
    )
    tightening_reason = models.TextField(
        _("why it asks more than its parent"),
        blank=True,
        help_text=_("Needed where the date is earlier or the number higher than the parent’s."),
    )

    # State
    stage = models.CharField(_("stage"), max_length=16, choices=Stage, default=Stage.REGISTERED, editable=False)
    issued_on = models.DateField(_("handed out on"), null=True, blank=True, editable=False)
    # NULL: not reported done. Who verifies it is never this person.
    reported_done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("reported done by"),
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    # NULL: unknown, which is not zero.
    progress = models.DecimalField(
        _("progress (%)"), max_digits=5, decimal_places=2, null=True, blank=True, editable=False, validators=PERCENT
    )
    progress_basis = models.CharField(
        _("progress rests on"), max_length=12, choices=ProgressBasis, blank=True, default="", editable=False
    )
    forecast_on = models.DateField(_("forecast date"), null=True, blank=True, editable=False)
    last_period_end = models.DateField(
        _("last reported period"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Written when a report is handed in."),
    )
    last_accepted_on = models.DateField(_("last accepted report"), null=True, blank=True, editable=False)

    # Derived; written by actions.health
    health = models.CharField(_("light"), max_length=12, choices=Health, default=Health.NOT_STARTED, editable=False)
    health_reasons = models.JSONField(_("why this light"), default=list, blank=True, editable=False)
    health_since = models.DateField(_("light since"), null=True, blank=True, editable=False)
    assessed_on = models.DateField(_("assessed on"), null=True, blank=True, editable=False)
    rule_version = models.CharField(_("rule set"), max_length=20, blank=True, editable=False)
    recheck_on = models.DateField(
        _("recheck on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("First day on which time alone can change the light."),
    )
    override_health = models.CharField(
        _("light set by hand"), max_length=12, choices=Health, blank=True, default="", editable=False
    )
    override_reason = models.TextField(_("why it was set by hand"), blank=True, editable=False)
    override_until = models.DateField(_("set by hand until"), null=True, blank=True, editable=False)

    # NULL: it stands. Set when the import that entered it was taken back before anybody worked with it.
    withdrawn_at = models.DateTimeField(_("taken out again at"), null=True, editable=False)

    is_demo = models.BooleanField(
        _("demonstration"),
        default=False,
        editable=False,
        help_text=_("Its stage, progress or light rests on demonstration data."),
    )

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="commitment_kind_known",
                condition=Q(kind__in=Kind.values),
                violation_error_message=_("Choose a kind from the list."),
            ),
            models.CheckConstraint(
                name="commitment_stage_known",
                condition=Q(stage__in=Stage.values),
                violation_error_message=_("Choose a stage from the list."),
            ),
            models.CheckConstraint(
                name="commitment_health_known",
                condition=Q(health__in=Health.values) & Q(override_health__in=["", *Health.values]),
                violation_error_message=_("Choose a light from the list."),
            ),
            models.CheckConstraint(
                name="commitment_due_basis_known",
                condition=Q(due_basis__in=DueBasis.values),
                violation_error_message=_("Choose from the list what the date rests on."),
            ),
            models.CheckConstraint(
                name="commitment_progress_basis_known",
                condition=Q(progress_basis__in=ProgressBasis.values),
                violation_error_message=_("Choose from the list what the progress rests on."),
            ),
            models.CheckConstraint(
                name="commitment_ends_after_start",
                condition=Q(due_on__isnull=True) | Q(starts_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                violation_error_code="ends_before_start",
                violation_error_message=_("The due date lies before the start. Correct one of the two dates."),
            ),
            models.CheckConstraint(
                name="commitment_continuous_has_no_date",
                condition=Q(is_continuous=False) | Q(due_on__isnull=True),
                violation_error_code="continuous_has_no_date",
                violation_error_message=_("Continuous work has no due date. Clear the date or the mark."),
            ),
            models.CheckConstraint(
                name="commitment_due_has_original",
                condition=Q(due_on__isnull=True) | Q(original_due_on__isnull=False),
                violation_error_message=_("A due date needs its original date."),
            ),
            models.CheckConstraint(
                name="commitment_progress_in_range",
                condition=Q(progress__isnull=True) | Q(progress__gte=0, progress__lte=100),
                violation_error_message=_("Progress lies between 0 and 100 percent."),
            ),
            models.CheckConstraint(
                name="commitment_progress_has_basis",
                condition=Q(progress__isnull=True) | ~Q(progress_basis=""),
                violation_error_message=_("Progress needs to say what it rests on."),
            ),
            models.CheckConstraint(
                name="commitment_red_line_has_no_percentage",
                condition=Q(is_red_line=False) | Q(progress__isnull=True),
                violation_error_message=_("A red line is kept or broken, never a percentage."),
            ),
            models.CheckConstraint(
                name="commitment_broken_only_red_lines",
                condition=Q(red_line_broken_on__isnull=True) | Q(is_red_line=True),
                violation_error_message=_("Only a red line can be broken."),
            ),
            models.CheckConstraint(
                name="commitment_span_in_order",
                condition=Q(span_start__isnull=True, span_end__isnull=True)
                | Q(span_start__isnull=False, span_end__isnull=False, span_end__gt=F("span_start")),
                violation_error_message=_("The last character lies before the first."),
            ),
            models.CheckConstraint(
                name="commitment_suggestion_has_a_lead",
                condition=Q(lead_is_suggested=False) | Q(lead__isnull=False),
                violation_error_message=_("A suggested lead needs a department."),
            ),
            models.CheckConstraint(
                name="commitment_override_is_complete",
                condition=Q(override_health="") | (~Q(override_reason="") & Q(override_until__isnull=False)),
                violation_error_message=_("A light set by hand needs a reason and a last day."),
            ),
            models.CheckConstraint(
                name="commitment_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("A commitment cannot be its own parent."),
            ),
        ]
        indexes = [
            # The daily sweep: rows whose light time alone may change.
            models.Index(name="commitment_recheck", fields=["recheck_on"], condition=Q(recheck_on__isnull=False)),
            # Lists filtered by light, newest worries first; the overview's counts.
            models.Index(name="commitment_health_code", fields=["health", "code"]),
            # The overview's short lists: the first few of a light without sorting all of it.
            models.Index(name="commitment_light_due", fields=["health", "due_on", "health_since", "code"]),
            # Everything of one department.
            models.Index(name="commitment_lead_code", fields=["lead", "code"]),
            # Due-date windows: lists and reminder planning.
            models.Index(name="commitment_due", fields=["due_on"], condition=Q(due_on__isnull=False)),
            # Mobile sync: changes since a revision.
            models.Index(name="commitment_revision", fields=["revision", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class CommitmentDepartment(models.Model):
    """A department that shares the work without leading it, in the order of the document."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="involvements", verbose_name=_("commitment")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="involvements", verbose_name=_("department")
    )
    involvement = models.CharField(_("part"), max_length=12, choices=Involvement)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_suggested = models.BooleanField(_("suggested"), default=False)

    class Meta:
        verbose_name = _("department’s part")
        verbose_name_plural = _("departments’ parts")
        ordering = ["commitment", "involvement", "order"]
        constraints = [
            models.UniqueConstraint(
                name="commitmentdepartment_once",
                fields=["commitment", "department"],
                violation_error_message=_("This department already has a part in the commitment."),
            ),
            models.CheckConstraint(
                name="commitmentdepartment_part_known",
                condition=Q(involvement__in=Involvement.values),
                violation_error_message=_("Choose a part from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}/{self.department_id}"


class Milestone(Stamped):
    """A step: planned 计划, forecast 预计, actual 实际. Only weighted milestones count in progress and lights."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="milestones", verbose_name=_("commitment")
    )
    name = models.CharField(_("name"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    forecast_on = models.DateField(_("forecast on"), null=True, blank=True)
    actual_on = models.DateField(_("reached on"), null=True, blank=True)
    # NULL: informs only.
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2, null=True, blank=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["commitment", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                name="milestone_name_once",
                fields=["commitment", "name"],
                violation_error_message=_("The commitment already has a milestone with this name."),
            ),
            models.CheckConstraint(
                name="milestone_weight_positive",
                condition=Q(weight__isnull=True) | Q(weight__gt=0),
                violation_error_message=_(
                    "A weight is greater than zero. Leave it empty if the milestone only informs."
                ),
            ),
            models.CheckConstraint(
                name="milestone_weight_has_a_date",
                condition=Q(weight__isnull=True) | Q(planned_on__isnull=False),
                violation_error_message=_("A weighted milestone needs a planned date."),
            ),
        ]
        indexes = [
            # Reminder planning by milestone date.
            models.Index(name="milestone_planned", fields=["planned_on"], condition=Q(actual_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.name


class HealthRuleSet(models.Model):
    """A version of the rules that make the lights, in force from a day. Versions are never changed, only followed."""

    version = models.CharField(_("version"), max_length=20, unique=True)
    in_force_from = models.DateField(_("in force from"), unique=True)
    parameters = models.JSONField(_("parameters"))
    note = models.TextField(_("note"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        ordering = ["-in_force_from"]

    def __str__(self) -> str:
        return self.version
