"""What the API remembers: which writes were made already, and from which devices a person signed in."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken


class ApiWrite(models.Model):
    """One creation that a client named by a reference of its own: a retry finds what came of the first.

    Written and read by `actions.api_writes` only, and forgotten after some months.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("author")
    )
    client_ref = models.UUIDField(_("client’s reference"))
    operation = models.CharField(_("operation"), max_length=60)
    # Of address and body: the same reference with another body is a mistake, not a retry.
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    # Address of what was made, below the host.
    location = models.CharField(_("address"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("write by the API")
        verbose_name_plural = _("writes by the API")
        constraints = [
            models.UniqueConstraint(name="apiwrite_once", fields=["author", "client_ref"]),
        ]
        indexes = [
            # Forgetting old ones.
            models.Index(name="apiwrite_at", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.client_ref}"


class Device(models.Model):
    """A phone or a program that is signed in: the human side of one token of knox's."""

    token = models.OneToOneField(AuthToken, on_delete=models.CASCADE, related_name="device", verbose_name=_("token"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices", verbose_name=_("person")
    )
    ref = models.UUIDField(_("reference"), unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60)
    signed_in_at = models.DateTimeField(_("signed in at"), auto_now_add=True)
    # Noted at most once in some minutes; NULL: never since it signed in.
    last_used_at = models.DateTimeField(_("last used at"), null=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["-signed_in_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="device_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
