"""Defined quantities and their values."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.choices import Direction, Frequency
from projects.models.sync import Stamped


class Indicator(Stamped):
    """A defined quantity. An empty definition means that none is known, which pages say."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    initials = models.CharField(
        _("pinyin initials"),
        max_length=120,
        blank=True,
        editable=False,
        help_text=_("Written with the name, for search."),
    )
    definition = models.TextField(_("definition"), blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.UP)
    frequency = models.CharField(_("frequency"), max_length=8, choices=Frequency, default=Frequency.YEAR)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="indicator_direction_known",
                condition=models.Q(direction__in=Direction.values),
                violation_error_message=_("Choose a direction from the list."),
            ),
            models.CheckConstraint(
                name="indicator_frequency_known",
                condition=models.Q(frequency__in=Frequency.values),
                violation_error_message=_("Choose a frequency from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reading(Stamped):
    """One value of an indicator for one period: reported 上报 and verified 核定 side by side. Verified wins."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="readings", verbose_name=_("indicator")
    )
    period_start = models.DateField(_("period starts on"))
    period_end = models.DateField(_("period ends on"))
    reported = models.DecimalField(_("reported value"), max_digits=18, decimal_places=4, null=True, blank=True)
    verified = models.DecimalField(_("verified value"), max_digits=18, decimal_places=4, null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["indicator", "period_end"]
        constraints = [
            models.UniqueConstraint(
                name="reading_once_per_period",
                fields=["indicator", "period_start", "period_end"],
                violation_error_message=_("This period already has a reading. Change that one."),
            ),
            models.CheckConstraint(
                name="reading_period_in_order",
                condition=models.Q(period_end__gte=models.F("period_start")),
                violation_error_message=_("The period ends before it starts. Correct one of the two dates."),
            ),
            models.CheckConstraint(
                name="reading_has_a_value",
                condition=models.Q(reported__isnull=False) | models.Q(verified__isnull=False),
                violation_error_message=_("A reading needs a reported or a verified value. Enter one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_end}"
