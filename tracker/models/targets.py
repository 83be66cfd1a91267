"""What a commitment wants an indicator to become."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Indicator, Stamped
from tracker.choices import RELATIVE_COMPARATORS, Comparator
from tracker.models.commitments import Commitment


class Target(Stamped):
    """One quantity of a commitment: absolute, or growth over a base year whose reading the indicator holds."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="targets", verbose_name=_("commitment")
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="targets", verbose_name=_("indicator")
    )
    comparator = models.CharField(_("comparator"), max_length=18, choices=Comparator)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    value_max = models.DecimalField(_("upper value"), max_digits=18, decimal_places=4, null=True, blank=True)
    growth_percent = models.DecimalField(_("growth (%)"), max_digits=8, decimal_places=2, null=True, blank=True)
    base_year = models.PositiveSmallIntegerField(_("base year"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["commitment", "id"]
        constraints = [
            models.UniqueConstraint(
                name="target_once_per_indicator",
                fields=["commitment", "indicator"],
                violation_error_message=_("The commitment already has a target for this indicator."),
            ),
            models.CheckConstraint(
                name="target_comparator_known",
                condition=Q(comparator__in=Comparator.values),
                violation_error_message=_("Choose a comparator from the list."),
            ),
            models.CheckConstraint(
                name="target_relative_has_base",
                condition=~Q(comparator__in=sorted(RELATIVE_COMPARATORS))
                | Q(growth_percent__isnull=False, base_year__isnull=False),
                violation_error_message=_("A relative target needs its growth and its base year."),
            ),
            models.CheckConstraint(
                name="target_absolute_has_value",
                condition=Q(comparator__in=sorted(RELATIVE_COMPARATORS)) | Q(value__isnull=False),
                violation_error_message=_("An absolute target needs its value."),
            ),
            models.CheckConstraint(
                name="target_range_in_order",
                condition=~Q(comparator=Comparator.RANGE) | Q(value_max__isnull=False, value_max__gte=F("value")),
                violation_error_message=_("A range needs an upper value that is not below the lower one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comparator} {self.value if self.value is not None else self.growth_percent}"


class PathPoint(models.Model):
    """A value that the target requires on a day. Without points the path is a straight line from the base."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="path", verbose_name=_("target"))
    day = models.DateField(_("day"))
    value = models.DecimalField(_("required value"), max_digits=18, decimal_places=4)

    class Meta:
        verbose_name = _("path point")
        verbose_name_plural = _("path points")
        ordering = ["target", "day"]
        constraints = [
            models.UniqueConstraint(
                name="pathpoint_once_per_day",
                fields=["target", "day"],
                violation_error_message=_("The path already has a value for this day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.value}"
