"""Who looked whether it is true: verifications, random look-backs, and the files that prove."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Stamped
from tracker.choices import VerificationFinding, VerificationMethod
from tracker.models.commitments import Commitment
from tracker.models.reports import ProgressReport


class Lookback(models.Model):
    """A random sample of closed commitments to look at again 回头看.

    The draw can be repeated by anyone: the codes of the population, sorted by the SHA-256 of "seed:code", the first
    `size` of them (`rules.lookback`).
    """

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drawn by")
    )
    drawn_on = models.DateField(_("drawn on"))
    closed_from = models.DateField(_("closed from"))
    closed_until = models.DateField(_("closed until"))
    seed = models.CharField(_("seed"), max_length=64)
    population = models.JSONField(_("population"), help_text=_("The codes that the sample was drawn from."))
    size = models.PositiveSmallIntegerField(_("sample size"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("look-back")
        verbose_name_plural = _("look-backs")
        ordering = ["-drawn_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="lookback_period_in_order",
                condition=Q(closed_until__gte=F("closed_from")),
                violation_error_message=_("The period ends before it starts. Correct one of the two dates."),
            ),
            models.CheckConstraint(
                name="lookback_draws_something",
                condition=Q(size__gt=0) & ~Q(seed=""),
                violation_error_message=_("A sample needs a size and a seed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drawn_on} {self.size}"


class Verification(Stamped):
    """One look at whether a commitment is done: who, how, what was found. The verifier is never the reporter."""

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="verifications", verbose_name=_("commitment")
    )
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verifications", verbose_name=_("verifier")
    )
    # NULL: verified before closing, not as part of a look-back.
    lookback = models.ForeignKey(
        Lookback,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="verifications",
        verbose_name=_("look-back"),
    )
    method = models.CharField(_("method"), max_length=12, choices=VerificationMethod)
    finding = models.CharField(_("finding"), max_length=14, choices=VerificationFinding)
    note = models.TextField(_("what was found"))
    verified_on = models.DateField(_("verified on"))
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-verified_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="verification_method_known",
                condition=Q(method__in=VerificationMethod.values),
                violation_error_message=_("Choose a method from the list."),
            ),
            models.CheckConstraint(
                name="verification_finding_known",
                condition=Q(finding__in=VerificationFinding.values),
                violation_error_message=_("Choose a finding from the list."),
            ),
            models.CheckConstraint(
                name="verification_says_what_was_found",
                condition=~Q(note=""),
                violation_error_message=_("Write what was found."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.verified_on}"


class LookbackPick(models.Model):
    """One commitment of a look-back's sample, in the order of the draw."""

    lookback = models.ForeignKey(Lookback, on_delete=models.CASCADE, related_name="picks", verbose_name=_("look-back"))
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="picks", verbose_name=_("commitment")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    # NULL: nobody has looked yet.
    verification = models.OneToOneField(
        Verification,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pick",
        verbose_name=_("verification"),
    )

    class Meta:
        verbose_name = _("pick of a look-back")
        verbose_name_plural = _("picks of look-backs")
        ordering = ["lookback", "order"]
        constraints = [
            models.UniqueConstraint(
                name="lookbackpick_once",
                fields=["lookback", "commitment"],
                violation_error_message=_("The sample already holds this commitment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lookback_id}/{self.order}"


class Evidence(Stamped):
    """A file that proves something 佐证材料. Its bytes lie outside the web root, under their SHA-256."""

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("commitment")
    )
    # NULL: added to the commitment itself.
    report = models.ForeignKey(
        ProgressReport,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("report"),
    )
    verification = models.ForeignKey(
        Verification,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("verification"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("added by")
    )
    name = models.CharField(_("file name"), max_length=160)
    note = models.CharField(_("what it proves"), max_length=200, blank=True)
    size = models.PositiveIntegerField(_("size (bytes)"))
    media_type = models.CharField(_("type"), max_length=100)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    # NULL: it stands. Nothing is deleted: a withdrawn file stays in the history and is not served.
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="evidence_has_a_digest",
                condition=~Q(sha256=""),
                violation_error_message=_("The file’s digest is missing."),
            ),
            models.CheckConstraint(
                name="evidence_is_not_empty",
                condition=Q(size__gt=0),
                violation_error_message=_("The file is empty."),
            ),
        ]
        indexes = [
            # The warning that the same file already proves another matter.
            models.Index(name="evidence_sha256", fields=["sha256"]),
        ]

    def __str__(self) -> str:
        return self.name
