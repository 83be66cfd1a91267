"""What the supervision office switches on and off for the whole site: one row."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import Stamped


class SiteSettings(Stamped):
    """One row. Everything that shows more than a page needs is off until somebody switches it on, with a reason."""

    SETTINGS_ID = 1

    compares_departments = models.BooleanField(
        _("departments stand side by side"),
        default=False,
        help_text=_("Shares with their denominators, never a rank. Leaders and the supervision office see them."),
    )
    shows_public_pages = models.BooleanField(
        _("public pages"),
        default=False,
        help_text=_("Anyone without a sign-in reads the approved fields of the matters marked public."),
    )
    public_delay_days = models.PositiveSmallIntegerField(
        _("days until the public sees a matter’s state"), default=14, validators=[MaxValueValidator(365)]
    )
    public_fields = models.JSONField(_("fields the public sees"), default=list, blank=True)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [models.CheckConstraint(name="sitesettings_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Site settings"))
