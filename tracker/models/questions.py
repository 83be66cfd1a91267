"""What waits for somebody's word: extension requests, blockers, leaders' instructions."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Stamped
from tracker.choices import AnswerState, BlockerCategory, ExtensionState
from tracker.models.commitments import Commitment
from tracker.models.people import Post

DECIDED = [ExtensionState.GRANTED, ExtensionState.REFUSED]


class ExtensionRequest(Stamped):
    """A later date, asked for before the date. What was asked never changes (triggers of 0004); the office decides.

    `original_due_on` and `due_on` are the commitment's dates as they stood on the day of asking.
    """

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("commitment")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("asked by")
    )
    original_due_on = models.DateField(_("original due date"))
    due_on = models.DateField(_("due date when asked"))
    wanted_on = models.DateField(_("new date asked for"))
    reason = models.TextField(_("reason"))

    state = models.CharField(
        _("state"), max_length=10, choices=ExtensionState, default=ExtensionState.PENDING, editable=False
    )
    # NULL: not decided yet.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="decided_extensions",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decision = models.TextField(_("words of the decision"), blank=True, editable=False)
    # NULL: not granted. May differ from what was asked for.
    granted_on = models.DateField(_("date granted"), null=True, blank=True, editable=False)
    is_exemption = models.BooleanField(
        _("assessed by the new date"),
        default=False,
        editable=False,
        help_text=_("Force majeure or changed policy: assessment follows the new date."),
    )
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("extension request")
        verbose_name_plural = _("extension requests")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="extension_state_known",
                condition=Q(state__in=ExtensionState.values),
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                name="extension_wants_a_later_date",
                condition=Q(wanted_on__gt=F("due_on")),
                violation_error_message=_("The new date is not later than the present one. Choose a later day."),
            ),
            models.CheckConstraint(
                name="extension_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say why more time is needed."),
            ),
            models.CheckConstraint(
                name="extension_decision_is_complete",
                condition=Q(state__in=DECIDED, decided_at__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_at__isnull=True)),
                violation_error_message=_("A decision needs its day."),
            ),
            models.CheckConstraint(
                name="extension_grant_has_a_date",
                condition=Q(state=ExtensionState.GRANTED, granted_on__isnull=False, granted_on__gt=F("due_on"))
                | (~Q(state=ExtensionState.GRANTED) & Q(granted_on__isnull=True, is_exemption=False)),
                violation_error_message=_("Granting needs the new date, later than the present one."),
            ),
            models.CheckConstraint(
                name="extension_refusal_says_why",
                condition=~Q(state=ExtensionState.REFUSED) | ~Q(decision=""),
                violation_error_message=_("Say why the extension is refused."),
            ),
            models.CheckConstraint(
                name="extension_not_decided_by_its_author",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("author")),
                violation_error_message=_("Nobody decides their own request."),
            ),
            models.UniqueConstraint(
                name="extension_one_pending_per_commitment",
                fields=["commitment"],
                condition=Q(state=ExtensionState.PENDING),
                violation_error_message=_("A request is waiting already. Withdraw it first or wait for the decision."),
            ),
        ]
        indexes = [
            # The office's queue: what waits, oldest first.
            models.Index(name="extension_queue", fields=["created_at"], condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.wanted_on}"


class Answerable(Stamped):
    """What blockers and instructions share: one open question, one answer that closes it."""

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=10, choices=AnswerState, default=AnswerState.OPEN, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    # NULL: not answered yet.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_state_known",
                condition=Q(state__in=AnswerState.values),
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                name="%(class)s_has_text", condition=~Q(text=""), violation_error_message=_("The text is empty.")
            ),
            models.CheckConstraint(
                name="%(class)s_answer_is_complete",
                condition=(Q(state=AnswerState.ANSWERED, answered_at__isnull=False) & ~Q(answer=""))
                | (~Q(state=AnswerState.ANSWERED) & Q(answered_at__isnull=True, answer="")),
                violation_error_message=_("An answer needs its words and its day."),
            ),
        ]


class Blocker(Answerable):
    """What the department cannot solve alone 堵点: what is lacking, wanted from which post, by when."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="blockers", verbose_name=_("commitment")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="blockers", verbose_name=_("raised by")
    )
    wanted_from = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="blockers", verbose_name=_("wanted from")
    )
    category = models.CharField(_("what is lacking"), max_length=10, choices=BlockerCategory)
    wanted_by = models.DateField(_("wanted by"))

    class Meta(Answerable.Meta):
        verbose_name = _("blocker")
        verbose_name_plural = _("blockers")
        ordering = ["wanted_by", "id"]
        constraints = [
            *Answerable.Meta.constraints,
            models.CheckConstraint(
                name="blocker_category_known",
                condition=Q(category__in=BlockerCategory.values),
                violation_error_message=_("Choose from the list what is lacking."),
            ),
        ]
        indexes = [
            # Desks and pages: what is open, by post and day.
            models.Index(name="blocker_open", fields=["wanted_from", "wanted_by"], condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.category}"


class Instruction(Answerable):
    """A leader's word on a commitment 批示, with an answer due. The lead department answers."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="instructions", verbose_name=_("commitment")
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="instructions", verbose_name=_("given by")
    )
    # The leader, or the supervision officer who wrote the leader's word down.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    given_on = models.DateField(_("given on"))
    answer_due_on = models.DateField(_("answer due on"))

    class Meta(Answerable.Meta):
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        ordering = ["answer_due_on", "id"]
        constraints = [
            *Answerable.Meta.constraints,
            models.CheckConstraint(
                name="instruction_answer_after_word",
                condition=Q(answer_due_on__gte=F("given_on")),
                violation_error_message=_("The answer is due before the instruction was given. Correct one date."),
            ),
        ]
        indexes = [
            # Desks: what is open, by the day on which the answer is due.
            models.Index(name="instruction_open", fields=["answer_due_on"], condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.given_on}"
