"""Jurisdictions: the city and its counties."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.choices import JurisdictionLevel


class Jurisdiction(models.Model):
    """A city or a county-level unit, identified by its GB/T 2260 code."""

    code = models.CharField(_("code"), max_length=12, unique=True, help_text=_("Six digits of GB/T 2260."))
    name = models.CharField(_("name"), max_length=60)
    level = models.CharField(_("level"), max_length=10, choices=JurisdictionLevel)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("jurisdiction")
        verbose_name_plural = _("jurisdictions")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="jurisdiction_level_known",
                condition=models.Q(level__in=JurisdictionLevel.values),
                violation_error_message=_("Choose a level from the list."),
            ),
            models.CheckConstraint(
                name="jurisdiction_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                violation_error_message=_("A jurisdiction cannot be its own parent."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
