"""By which way reminders leave the site, who wants what, and every message with what it carried."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Stamped
from tracker.choices import ROBOT_KINDS, ChannelKind, MessageKind, MessageState
from tracker.models.people import Department, User
from tracker.models.reminders import Reminder

LAST_HOUR = 23


class Channel(Stamped):
    """A way out of the site. Off until somebody switches it on. Address and secret are stored encrypted."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("channel’s name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=ChannelKind)
    # NULL: for everybody. A robot always has one: its group reads along.
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="channels",
        verbose_name=_("department"),
    )
    is_active = models.BooleanField(_("switched on"), default=False)
    is_default = models.BooleanField(
        _("used unless a person chooses otherwise"),
        default=False,
    )
    # Encrypted (actions.vault); "" where the kind needs none.
    address = models.TextField(_("address"), blank=True, editable=False)
    secret = models.TextField(_("secret"), blank=True, editable=False)
    server = models.URLField(_("server of your own"), blank=True, help_text=_("Only for robots on a private server."))

    # Written by delivery.
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    # NULL: no pause. Nothing is tried before this moment.
    retry_at = models.DateTimeField(_("next try"), null=True, editable=False)
    last_ok_at = models.DateTimeField(_("last message sent"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=500, blank=True, editable=False)
    last_error_at = models.DateTimeField(_("time of the last error"), null=True, editable=False)
    # NULL: never tested.
    tested_at = models.DateTimeField(_("tested at"), null=True, editable=False)
    test_error = models.CharField(_("what the test found"), max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="channel_kind_known",
                condition=Q(kind__in=ChannelKind.values),
                violation_error_message=_("Choose a kind from the list."),
            ),
            models.CheckConstraint(
                name="channel_robot_has_a_department",
                condition=~Q(kind__in=sorted(ROBOT_KINDS)) | Q(department__isnull=False),
                violation_error_code="robot_needs_department",
                violation_error_message=_("A robot speaks to a group. Choose the department whose group it is."),
            ),
            models.UniqueConstraint(
                name="channel_one_email",
                fields=["kind"],
                condition=Q(kind=ChannelKind.EMAIL),
                violation_error_message=_("There is a channel for e-mail already. Change that one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Preference(models.Model):
    """How one person wants to be told. Without a row the site's settings hold. Duties cannot be switched off."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="preference", verbose_name=_("person")
    )
    chooses_channels = models.BooleanField(_("own choice of channels"), default=False)
    channels = models.ManyToManyField(Channel, blank=True, related_name="+", verbose_name=_("channels"))
    # NULL: the site's hour.
    hour = models.PositiveSmallIntegerField(_("hour"), null=True, blank=True, validators=[MaxValueValidator(LAST_HOUR)])
    muted = models.JSONField(_("information not wanted"), default=list, blank=True)
    # NULL: not away.
    paused_from = models.DateField(_("away from"), null=True, blank=True)
    paused_until = models.DateField(_("away until"), null=True, blank=True)
    deputy = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="stands_in_for", verbose_name=_("deputy")
    )
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("personal settings")
        verbose_name_plural = _("personal settings")
        constraints = [
            models.CheckConstraint(
                name="preference_pause_is_whole",
                condition=Q(paused_from__isnull=True, paused_until__isnull=True, deputy__isnull=True)
                | Q(paused_from__isnull=False, paused_until__gte=F("paused_from"), deputy__isnull=False),
                violation_error_message=_("A pause needs its first day, its last day and a deputy."),
            ),
            models.CheckConstraint(
                name="preference_hour_is_one",
                condition=Q(hour__isnull=True) | Q(hour__lte=LAST_HOUR),
                violation_error_message=_("Choose an hour of the day."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class Message(models.Model):
    """One message to one person by one channel on one day: what is sent, tried again, and proved.

    Beside the day's message one may go out at once, for what somebody has just said to the person.
    """

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="messages", verbose_name=_("recipient"))
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="messages", verbose_name=_("channel"))
    day = models.DateField(_("day"))
    kind = models.CharField(
        _("kind"), max_length=6, choices=MessageKind, default=MessageKind.DIGEST, db_default=MessageKind.DIGEST
    )
    not_before = models.DateTimeField(_("not before"))
    state = models.CharField(_("state"), max_length=8, choices=MessageState, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # NULL: no worker has it.
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    line_count = models.PositiveIntegerField(_("matters told"), default=0)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-day", "id"]
        constraints = [
            models.UniqueConstraint(name="message_one_a_day", fields=["recipient", "channel", "day", "kind"]),
            models.CheckConstraint(
                name="message_state_known",
                condition=Q(state__in=MessageState.values, kind__in=MessageKind.values),
                violation_error_message=_("Choose a state from the list."),
            ),
        ]
        indexes = [
            # Delivery: what a channel may send now, oldest first.
            models.Index(
                name="message_outbox",
                fields=["channel", "not_before", "id"],
                condition=Q(state__in=["waiting", "claimed", "sending"]),
            ),
            # The operations page: what failed.
            models.Index(name="message_failed", fields=["channel", "day"], condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.day}"

    @property
    def key(self) -> str:
        """The idempotency key: the same however often this message is tried."""
        key = f"{self.channel_id}-{self.recipient_id}-{self.day:%Y%m%d}"
        return key if self.kind == MessageKind.DIGEST else f"{key}-{self.kind}"


class MessageLine(models.Model):
    """A reminder that a message carries. Each goes out once by each channel: the constraint keeps it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="lines", verbose_name=_("message"))
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="lines", verbose_name=_("reminder"))
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", verbose_name=_("channel"))

    class Meta:
        verbose_name = _("line of a message")
        verbose_name_plural = _("lines of messages")
        constraints = [models.UniqueConstraint(name="messageline_once_by_channel", fields=["reminder", "channel"])]

    def __str__(self) -> str:
        return f"{self.message_id} {self.reminder_id}"
