"""The real things that promises are about: projects, parks, platforms, talent programmes, and what is known of each."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.choices import DesignationStep, Grade, InitiativeKind, ProjectStage
from projects.models.places import Jurisdiction
from projects.models.sync import Stamped


class Initiative(Stamped):
    """One real thing. Several commitments of several plans may stand on it; it is reported once."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    initials = models.CharField(
        _("pinyin initials"),
        max_length=120,
        blank=True,
        editable=False,
        help_text=_("Written with the name, for search."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=InitiativeKind)
    jurisdiction = models.ForeignKey(
        Jurisdiction, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("jurisdiction")
    )
    host = models.CharField(_("carrying organisation"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="initiative_kind_known",
                condition=models.Q(kind__in=InitiativeKind.values),
                violation_error_message=_("Choose a kind from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ProjectDetails(models.Model):
    """A project's three quantities 三量: investment (万元), physical progress, work volume. NULL means unknown."""

    initiative = models.OneToOneField(
        Initiative, on_delete=models.CASCADE, primary_key=True, related_name="project", verbose_name=_("initiative")
    )
    # NULL: stands in no park, or it is not known in which.
    park = models.ForeignKey(
        "ParkDetails",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("park it stands in"),
    )
    stage = models.CharField(_("stage"), max_length=20, choices=ProjectStage, blank=True)
    total_investment_wan = models.DecimalField(
        _("total investment (10 000 yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    plan_year = models.PositiveSmallIntegerField(_("plan year"), null=True, blank=True)
    year_investment_wan = models.DecimalField(
        _("investment planned this year (10 000 yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    year_invested_wan = models.DecimalField(
        _("invested this year (10 000 yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    physical_percent = models.DecimalField(
        _("physical progress (%)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    work_percent = models.DecimalField(_("work volume (%)"), max_digits=6, decimal_places=2, null=True, blank=True)
    # NULL: not known whether the project is registered in the statistics.
    in_statistics = models.BooleanField(_("registered in the statistics"), null=True, blank=True)
    in_statistics_on = models.DateField(_("registered in the statistics on"), null=True, blank=True)

    class Meta:
        verbose_name = _("project details")
        verbose_name_plural = _("project details")
        constraints = [
            models.CheckConstraint(
                name="project_stage_known",
                condition=models.Q(stage__in=["", *ProjectStage.values]),
                violation_error_message=_("Choose a stage from the list."),
            ),
            models.CheckConstraint(
                name="project_money_not_negative",
                condition=(models.Q(total_investment_wan__isnull=True) | models.Q(total_investment_wan__gte=0))
                & (models.Q(year_investment_wan__isnull=True) | models.Q(year_investment_wan__gte=0))
                & (models.Q(year_invested_wan__isnull=True) | models.Q(year_invested_wan__gte=0)),
                violation_error_message=_("Money cannot be negative. Enter an amount in 10 000 yuan."),
            ),
            models.CheckConstraint(
                name="project_percent_not_negative",
                condition=(models.Q(physical_percent__isnull=True) | models.Q(physical_percent__gte=0))
                & (models.Q(work_percent__isnull=True) | models.Q(work_percent__gte=0)),
                violation_error_message=_("A share is not negative. Enter 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.initiative_id)


class ParkDetails(models.Model):
    """A park. Counties that share it (飞地园区) are rows of ParkShare."""

    initiative = models.OneToOneField(
        Initiative, on_delete=models.CASCADE, primary_key=True, related_name="park", verbose_name=_("initiative")
    )
    grade = models.CharField(_("grade"), max_length=12, choices=Grade, blank=True)
    counties = models.ManyToManyField(
        Jurisdiction, through="ParkShare", related_name="shared_parks", verbose_name=_("counties")
    )

    class Meta:
        verbose_name = _("park details")
        verbose_name_plural = _("park details")
        constraints = [
            models.CheckConstraint(
                name="park_grade_known",
                condition=models.Q(grade__in=["", *Grade.values]),
                violation_error_message=_("Choose a grade from the list."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.initiative_id)


class ParkShare(models.Model):
    """A county's part in a park. `share_percent` NULL: the agreement names no share."""

    park = models.ForeignKey(ParkDetails, on_delete=models.CASCADE, related_name="shares", verbose_name=_("park"))
    county = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, verbose_name=_("county"))
    share_percent = models.DecimalField(_("share (%)"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("park share")
        verbose_name_plural = _("park shares")
        constraints = [
            models.UniqueConstraint(
                name="parkshare_once_per_county",
                fields=["park", "county"],
                violation_error_message=_("This county already shares the park."),
            ),
            models.CheckConstraint(
                name="parkshare_percent_in_range",
                condition=models.Q(share_percent__isnull=True) | models.Q(share_percent__gt=0, share_percent__lte=100),
                violation_error_message=_("A share lies between 0 and 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.park_id}/{self.county_id}"


class PlatformDetails(models.Model):
    """A platform: a laboratory, centre, incubator or service."""

    initiative = models.OneToOneField(
        Initiative, on_delete=models.CASCADE, primary_key=True, related_name="platform", verbose_name=_("initiative")
    )
    grade = models.CharField(_("grade"), max_length=12, choices=Grade, blank=True)
    field = models.CharField(_("field of work"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("platform details")
        verbose_name_plural = _("platform details")
        constraints = [
            models.CheckConstraint(
                name="platform_grade_known",
                condition=models.Q(grade__in=["", *Grade.values]),
                violation_error_message=_("Choose a grade from the list."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.initiative_id)


class TalentProgrammeDetails(models.Model):
    """A talent programme. Its quotas and headcounts by year are rows of TalentYear."""

    initiative = models.OneToOneField(
        Initiative,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="talent_programme",
        verbose_name=_("initiative"),
    )
    audience = models.CharField(_("whom it is for"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("talent programme details")
        verbose_name_plural = _("talent programme details")

    def __str__(self) -> str:
        return str(self.initiative_id)


class TalentYear(models.Model):
    """Quota and headcount of a talent programme in one year. NULL means unknown."""

    programme = models.ForeignKey(
        TalentProgrammeDetails, on_delete=models.CASCADE, related_name="years", verbose_name=_("programme")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1949)])
    quota = models.PositiveIntegerField(_("quota"), null=True, blank=True)
    headcount = models.PositiveIntegerField(_("headcount"), null=True, blank=True)

    class Meta:
        verbose_name = _("year of a talent programme")
        verbose_name_plural = _("years of a talent programme")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                name="talentyear_once_per_year",
                fields=["programme", "year"],
                violation_error_message=_("This year is already listed."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class Designation(models.Model):
    """One rung of recognition of an initiative: aimed at → applied → recognised → listed → evaluated."""

    initiative = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, related_name="designations", verbose_name=_("initiative")
    )
    title = models.CharField(_("title"), max_length=160)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade)
    step = models.CharField(_("step"), max_length=12, choices=DesignationStep, default=DesignationStep.AIMED)
    # NULL: the day is not known.
    step_on = models.DateField(_("step reached on"), null=True, blank=True)

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                name="designation_once_per_initiative",
                fields=["initiative", "title"],
                violation_error_message=_("This designation is already listed."),
            ),
            models.CheckConstraint(
                name="designation_grade_known",
                condition=models.Q(grade__in=Grade.values),
                violation_error_message=_("Choose a grade from the list."),
            ),
            models.CheckConstraint(
                name="designation_step_known",
                condition=models.Q(step__in=DesignationStep.values),
                violation_error_message=_("Choose a step from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
