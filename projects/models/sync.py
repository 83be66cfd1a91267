"""The sync clock: one row, one number, counting every visible change of the whole site."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SyncClock(models.Model):
    """One row. `projects.actions.clock.stamp` takes `rev` inside the changing transaction: it orders all changes."""

    CLOCK_ID = 1

    rev = models.BigIntegerField(_("revision"), default=0)

    class Meta:
        verbose_name = _("sync clock")
        verbose_name_plural = _("sync clocks")
        constraints = [
            models.CheckConstraint(
                name="syncclock_is_one_row",
                condition=models.Q(pk=1),
                violation_error_message=_("There is only one sync clock."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.rev)


class Stamped(models.Model):
    """What mobile clients follow. `revision` is written only by `stamp`; 0 means never stamped."""

    revision = models.BigIntegerField(_("revision"), default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True
