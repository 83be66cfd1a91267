"""How an office wants its lists as files: which columns of the ledger, in which order."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import Stamped
from tracker.models.people import Department


class ListLayout(Stamped):
    """Columns that were chosen once and are offered at every export. `columns` are fields of `rules.ledger.COLUMNS`."""

    name = models.CharField(_("layout’s name"), max_length=60)
    # NULL: the supervision office's, offered to everybody.
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="layouts",
        verbose_name=_("department"),
    )
    columns = models.JSONField(_("columns"), default=list)
    is_shared = models.BooleanField(_("offered to other departments"), default=False)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("layout of files")
        verbose_name_plural = _("layouts of files")
        ordering = ["department__order", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="listlayout_name_once",
                fields=["department", "name"],
                violation_error_message=_("The department already has a layout of this name."),
            ),
            models.UniqueConstraint(
                name="listlayout_office_name_once",
                fields=["name"],
                condition=Q(department__isnull=True),
                violation_error_message=_("The supervision office already has a layout of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
