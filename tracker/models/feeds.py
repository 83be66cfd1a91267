"""Secret addresses under which a calendar program reads due dates."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.models.people import Department


class CalendarFeed(models.Model):
    """One address. Only the digest of its secret is stored: it is shown once, and revoked rather than changed."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="feeds", verbose_name=_("person")
    )
    # NULL: what the person owns or answers for; else everything that the department leads or joins.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="feeds", verbose_name=_("department")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    # NULL: never read yet.
    last_used_on = models.DateField(_("last read on"), null=True, editable=False)
    # NULL: valid.
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-created_at"]
        indexes = [
            # The settings page: a person's valid addresses.
            models.Index(name="feed_valid", fields=["owner"], condition=Q(revoked_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.created_at:%Y-%m-%d}"
