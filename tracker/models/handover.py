"""What lay open when a post changed hands: the list that the successor confirms."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.choices import HandoverKind
from tracker.models.commitments import Commitment
from tracker.models.people import PostHolding


class HandoverItem(models.Model):
    """One open matter, as it stood on the day of the hand-over; frozen, so that it can be read years later."""

    holding = models.ForeignKey(
        PostHolding, on_delete=models.CASCADE, related_name="handover", verbose_name=_("holding of a post")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=HandoverKind)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="handovers", verbose_name=_("commitment")
    )
    title = models.CharField(_("title"), max_length=200)
    note = models.CharField(_("note"), max_length=200, blank=True)
    # NULL: it has no day.
    due_on = models.DateField(_("due date"), null=True, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("line of a hand-over list")
        verbose_name_plural = _("lines of hand-over lists")
        ordering = ["holding", "order", "id"]
        constraints = [
            models.CheckConstraint(
                name="handoveritem_kind_known",
                condition=Q(kind__in=HandoverKind.values),
                violation_error_message=_("Choose a kind from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
