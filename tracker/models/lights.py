"""What became of the lights: each change on its business day, the roll-up that pages count from, who looked when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.choices import Health
from tracker.models.commitments import Commitment
from tracker.models.people import Department
from tracker.models.plans import Clause, Plan


class LightChange(models.Model):
    """One change of one light. Written by `actions.health` only, beside the event, after the log was locked: so the
    primary keys stand in the order of commits. `before` is "" for the first light a commitment ever had.
    """

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="light_changes", verbose_name=_("commitment")
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("plan"))
    on = models.DateField(_("day"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    before = models.CharField(_("light before"), max_length=12, choices=Health, blank=True)
    after = models.CharField(_("light after"), max_length=12, choices=Health)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("change of a light")
        verbose_name_plural = _("changes of lights")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="lightchange_lights_known",
                condition=Q(before__in=["", *Health.values]) & Q(after__in=Health.values),
            ),
            models.CheckConstraint(name="lightchange_is_a_change", condition=~Q(before=models.F("after"))),
        ]
        indexes = [
            # Net change of each light since a day; the columns that are counted stand in the index.
            models.Index(name="lightchange_plan_day", fields=["plan", "on", "before", "after"]),
            # The list of changes over all plans, newest first.
            models.Index(name="lightchange_day", fields=["-on", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.on} {self.before} > {self.after}"


class LightCell(models.Model):
    """The roll-up: how many commitments a plan, chapter and lead have in one light, and how far they are.

    Rows are differences, appended by triggers of the database in the transaction that changes a commitment
    (migration 0007); the truth is their SUM, and the sweep folds them together. References carry no constraint,
    for a difference may outlive what it counted.
    """

    plan = models.ForeignKey(Plan, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    # NULL: without a place in a text.
    chapter = models.ForeignKey(
        Clause, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    # NULL: nobody leads it.
    lead = models.ForeignKey(
        Department, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    health = models.CharField(max_length=12, choices=Health)
    items = models.IntegerField(default=0)
    # Of those whose progress can be measured (queries.rollup says which): done, with a known progress and
    # the sum of it in percent, and without.
    done = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    progress_sum = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    unknown = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("part of the roll-up")
        verbose_name_plural = _("parts of the roll-up")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.chapter_id} {self.lead_id} {self.health} {self.items:+d}"


class LastLook(models.Model):
    """Up to which change of a light a person has seen the overview, and up to which at the visit before."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="last_look")
    looked_at = models.DateTimeField(_("looked at"))
    mark = models.BigIntegerField(default=0)
    # NULL: the person looks for the first time.
    before_at = models.DateTimeField(_("looked before at"), null=True)
    before_mark = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("last look at the overview")
        verbose_name_plural = _("last looks at the overview")

    def __str__(self) -> str:
        return f"{self.user_id} {self.looked_at:%Y-%m-%d %H:%M}"
