"""Who outside is told of what happens, and every telling: one row for each event and subscription."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import Stamped
from tracker.choices import DeliveryState, NewsKind
from tracker.models.commitments import Commitment
from tracker.models.history import Event
from tracker.models.people import Department
from tracker.models.plans import Plan


class Subscription(Stamped):
    """A platform that is told of commitments. Off until somebody switches it on. Address and secrets are encrypted."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("subscription’s name"), max_length=60)
    # Who answers for it: made it, or switched it on last. Who may no longer do so has nothing told.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("owner")
    )
    wants_changes = models.BooleanField(_("commitments that changed"), default=True)
    wants_reports = models.BooleanField(_("reports that were accepted"), default=True)
    wants_lights = models.BooleanField(_("lights that changed"), default=True)
    # NULL: every plan.
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("plan")
    )
    # NULL: every department's. Otherwise what somebody of this department may see.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    is_active = models.BooleanField(_("switched on"), default=False)
    # Encrypted (actions.vault).
    address = models.TextField(_("address"), blank=True, editable=False)
    secret = models.TextField(_("secret"), blank=True, editable=False)
    # The secret before this one signs too until then.
    former_secret = models.TextField(_("former secret"), blank=True, editable=False)
    former_until = models.DateTimeField(_("former secret valid until"), null=True, editable=False)
    # Number of the last event that was looked at. NULL: never switched on.
    mark = models.BigIntegerField(_("told up to event"), null=True, editable=False)

    # Written by delivery.
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    # NULL: no pause. Nothing is tried before this moment.
    retry_at = models.DateTimeField(_("next try"), null=True, editable=False)
    last_ok_at = models.DateTimeField(_("last told"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=500, blank=True, editable=False)
    last_error_at = models.DateTimeField(_("time of the last error"), null=True, editable=False)
    # NULL: never tested.
    tested_at = models.DateTimeField(_("tested at"), null=True, editable=False)
    test_error = models.CharField(_("what the test found"), max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="subscription_wants_something",
                condition=Q(wants_changes=True) | Q(wants_reports=True) | Q(wants_lights=True),
                violation_error_code="wants_nothing",
                violation_error_message=_("Choose at least one thing that is told."),
            ),
            models.CheckConstraint(
                name="subscription_former_secret_ends",
                condition=Q(former_secret="", former_until__isnull=True)
                | (~Q(former_secret="") & Q(former_until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event told to one subscription: what is sent, tried again, and proved. Written by `actions.telling` only."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("subscription")
    )
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", verbose_name=_("event"))
    # The event's number: what is told of one commitment goes out in this order.
    seq = models.BigIntegerField(_("number of the event"))
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="+", verbose_name=_("commitment"))
    kind = models.CharField(_("what is told"), max_length=20, choices=NewsKind)
    # What the other side knows a repetition by.
    ref = models.UUIDField(_("key of the delivery"), unique=True)
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    not_before = models.DateTimeField(_("not before"))
    gives_up_at = models.DateTimeField(_("tried until"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # NULL: no worker has it.
    claim = models.UUIDField(_("claim"), null=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    # NULL: never answered.
    status = models.PositiveSmallIntegerField(_("status of the answer"), null=True)
    took_ms = models.PositiveIntegerField(_("milliseconds"), null=True)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    planned_at = models.DateTimeField(_("planned at"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="delivery_once_by_subscription", fields=["subscription", "event"]),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(name="delivery_kind_known", condition=Q(kind__in=NewsKind.values)),
        ]
        indexes = [
            # What a subscription may be told now, in the order of events.
            models.Index(
                name="delivery_outbox", fields=["subscription", "seq"], condition=Q(state__in=["waiting", "sending"])
            ),
            # Whether something earlier of the same commitment is still under way.
            models.Index(
                name="delivery_order",
                fields=["subscription", "commitment", "seq"],
                condition=Q(state__in=["waiting", "sending"]),
            ),
            # The operations page: what was given up.
            models.Index(name="delivery_failed", fields=["subscription", "planned_at"], condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.seq}"
