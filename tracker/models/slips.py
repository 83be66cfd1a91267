"""Supervision slips 督办单: numbered papers, blue → yellow → red, each citing the one before."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Stamped
from tracker.choices import SlipLevel, SlipState
from tracker.models.commitments import Commitment

NUMBERED = [SlipState.ISSUED, SlipState.ANSWERED, SlipState.WITHDRAWN]


class Slip(Stamped):
    """Drafted by the system, issued by a person, answered by the lead department with words and a date."""

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="slips", verbose_name=_("commitment")
    )
    level = models.CharField(_("level"), max_length=8, choices=SlipLevel)
    # NULL: the first of its chain.
    cites = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="cited_by", verbose_name=_("cites")
    )
    # What the system knew when it drafted: reason codes with their figures, as a light has them.
    grounds = models.JSONField(_("grounds"), default=list, editable=False)
    text = models.TextField(_("what is asked"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SlipState, default=SlipState.DRAFT, editable=False)
    drafted_on = models.DateField(_("drafted on"), editable=False)

    # NULL in all four: not issued yet. Numbers of a year have no gaps and are never used twice.
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    issued_on = models.DateField(_("issued on"), null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("issued by"),
    )
    # NULL: a draft that does not say yet.
    answer_due_on = models.DateField(_("answer due on"), null=True, blank=True)

    answer = models.TextField(_("answer"), blank=True, editable=False)
    # NULL: not answered.
    promised_on = models.DateField(_("date promised in the answer"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    end_reason = models.TextField(_("why it was dropped or withdrawn"), blank=True, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slips")
        ordering = [F("year").desc(nulls_first=True), F("number").desc(nulls_first=True), "-id"]
        constraints = [
            models.CheckConstraint(
                name="slip_level_known",
                condition=Q(level__in=SlipLevel.values),
                violation_error_message=_("Choose a level from the list."),
            ),
            models.CheckConstraint(
                name="slip_state_known",
                condition=Q(state__in=SlipState.values),
                violation_error_message=_("Choose a state from the list."),
            ),
            models.UniqueConstraint(name="slip_number_once", fields=["year", "number"]),
            models.CheckConstraint(
                name="slip_numbered_when_issued",
                condition=Q(
                    state__in=NUMBERED,
                    number__isnull=False,
                    year__isnull=False,
                    issued_on__isnull=False,
                    answer_due_on__isnull=False,
                )
                | Q(~Q(state__in=NUMBERED), number__isnull=True, year__isnull=True, issued_on__isnull=True),
                violation_error_message=_("A slip gets its number when it is issued."),
            ),
            models.CheckConstraint(
                name="slip_blue_cites_nothing",
                condition=Q(level=SlipLevel.BLUE, cites__isnull=True)
                | Q(~Q(level=SlipLevel.BLUE), cites__isnull=False),
                violation_error_message=_("Yellow and red slips cite the one before; a blue one cites none."),
            ),
            models.CheckConstraint(
                name="slip_answer_is_complete",
                condition=(
                    Q(state=SlipState.ANSWERED, answered_at__isnull=False, promised_on__isnull=False) & ~Q(answer="")
                )
                | (~Q(state=SlipState.ANSWERED) & Q(answered_at__isnull=True, promised_on__isnull=True, answer="")),
                violation_error_message=_("An answer needs its words and the date by which it will be done."),
            ),
            models.UniqueConstraint(
                name="slip_one_draft_per_commitment",
                fields=["commitment"],
                condition=Q(state=SlipState.DRAFT),
                violation_error_message=_("A draft for this commitment exists already. Issue or drop that one."),
            ),
        ]
        indexes = [
            # Desks and reminders: slips that wait for an answer.
            models.Index(name="slip_open", fields=["answer_due_on"], condition=Q(state="issued")),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.level}"


class SlipCounter(models.Model):
    """The last number given in a year; locked while a slip is issued, so that numbers have no gaps."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("slip counter")
        verbose_name_plural = _("slip counters")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
