"""What the ledger lacks: conditions on commitments for lists and filters, and how many each holds. Nothing is guessed.

Children that ask more than their parent need both values: `queries.tightening`.
"""

from collections.abc import Callable, Mapping

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.models import Reading
from tracker import policies
from tracker.choices import DONE_STAGES, RELATIVE_COMPARATORS, Stage
from tracker.models import Evidence, Target
from tracker.policies import Actor

# Nobody mends what was cancelled or laid in the archive.
SETTLED = (Stage.CANCELLED, Stage.ARCHIVED)
CLAIMED_DONE = sorted({Stage.REPORTED_DONE, *DONE_STAGES})


def no_owner() -> Q:
    """Nobody leads it. A suggested lead department is one, and is counted elsewhere."""
    return ~Q(stage__in=SETTLED) & Q(lead__isnull=True)


def no_date() -> Q:
    """It has no due date and is neither continuous work nor a red line, which have none."""
    return ~Q(stage__in=SETTLED) & Q(due_on__isnull=True, is_continuous=False, is_red_line=False)


def no_base() -> Q:
    """One of its targets compares with a year for which its indicator has no reading: no percentage can be said."""
    base = Reading.objects.filter(
        indicator=OuterRef("indicator"),
        period_start__year=OuterRef("base_year"), period_start__month=1, period_start__day=1,
        period_end__year=OuterRef("base_year"), period_end__month=12, period_end__day=31,
    )  # fmt: skip
    relative = Target.objects.filter(commitment=OuterRef("pk"), comparator__in=sorted(RELATIVE_COMPARATORS))
    return ~Q(stage__in=SETTLED) & Q(Exists(relative.filter(~Exists(base))))


def no_evidence() -> Q:
    """It is said to be done, and no file that stands proves it."""
    standing = Evidence.objects.filter(commitment=OuterRef("pk"), withdrawn_at__isnull=True)
    return Q(stage__in=CLAIMED_DONE) & ~Q(Exists(standing))


# In the order in which they are shown. The names stand in addresses: ?quality=no_date.
CONDITIONS: Mapping[str, Callable[[], Q]] = {
    "no_owner": no_owner,
    "no_date": no_date,
    "no_base": no_base,
    "no_evidence": no_evidence,
}
LABELS: Mapping[str, str | Promise] = {
    "no_owner": _("Without a lead department"),
    "no_date": _("Without a due date"),
    "no_base": _("Targets without a base value"),
    "no_evidence": _("Said to be done, without evidence"),
}


def counts(viewer: Actor) -> dict[str, int]:
    """How many commitments in the viewer's sight lack what; every condition is a key, in their order. One query."""
    filters = {name: Count("pk", filter=condition()) for name, condition in CONDITIONS.items()}
    found: dict[str, int] = policies.visible_to(viewer).order_by().aggregate(**filters)
    return {name: found[name] for name in CONDITIONS}
