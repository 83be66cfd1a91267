"""Days that the State Council moved: days off in the week, working days at a weekend. They come before `holidays`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayOverride(models.Model):
    """One calendar day and whether offices work on it, whatever the weekday says."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("offices work"), default=False)
    name = models.CharField(_("occasion of the day"), max_length=60)
    notice = models.CharField(_("source"), max_length=200, help_text=_("The notice that says so, with its number."))

    class Meta:
        verbose_name = _("moved working day")
        verbose_name_plural = _("moved working days")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
