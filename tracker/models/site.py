"""What the supervision office switches on and off for the whole site: one row."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
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

    # Reminders: hours are those of Asia/Shanghai.
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the daily message"), default=8, validators=[MaxValueValidator(23)]
    )
    quiet_from = models.PositiveSmallIntegerField(
        _("nothing is sent from"), default=20, validators=[MaxValueValidator(24)]
    )
    quiet_until = models.PositiveSmallIntegerField(
        _("nothing is sent before"), default=8, validators=[MaxValueValidator(23)]
    )
    digest_lines = models.PositiveSmallIntegerField(
        _("matters in one message"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(200)],
        help_text=_("What is beyond stands in the inbox, and the message says how many."),
    )
    # Slips: calendar days, except the answer's, which are working days.
    slip_after_days = models.PositiveSmallIntegerField(
        _("days after the due date until a blue slip is drafted"),
        default=35,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    slip_next_days = models.PositiveSmallIntegerField(
        _("days until the next colour is drafted"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Counted from the day on which the answer was due, or the date that the answer promised."),
    )
    slip_answer_days = models.PositiveSmallIntegerField(
        _("working days to answer a slip"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(name="sitesettings_is_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="sitesettings_quiet_hours_leave_a_day",
                condition=Q(quiet_until__lt=F("quiet_from"), quiet_from__lte=24),
                violation_error_message=_("The quiet hours leave no time to send. Let them end before they begin."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Site settings"))
