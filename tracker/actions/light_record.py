"""The record of lights (`LightChange`) under a demonstration: made up with it, and true again when it goes."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from tracker.choices import Health, Stage
from tracker.models import Commitment, LightChange

BATCH = 500


def pretend_entered(commitments: Iterable[Commitment], *, on: date) -> None:
    """Let the record of these commitments begin on a day of the demonstration's story, and mark that it is made up."""
    ids = [item.pk for item in commitments]
    LightChange.objects.filter(commitment__in=ids, before="", on__gt=on).update(on=on, is_demo=True)


def forget_demo(commitments: Iterable[Commitment]) -> int:
    """Take the demonstration's changes away and close the gaps: each record leads again, step by step, from the first
    light to the one that is stored. Returns how many changes of the demonstration went.

    Call it after the lights were reassessed, with the commitments that were touched.
    """
    marked = Commitment.objects.filter(light_changes__is_demo=True).distinct()
    items = {item.pk: item for item in marked} | {item.pk: item for item in commitments}
    gone = LightChange.objects.filter(is_demo=True).delete()[0]
    left: dict[int, list[LightChange]] = {pk: [] for pk in items}
    for change in LightChange.objects.filter(commitment__in=items).order_by("pk"):
        left[change.commitment_id].append(change)
    mended: list[LightChange] = []
    needless: list[int] = []
    added: list[LightChange] = []
    for pk, changes in left.items():
        light = ""
        for change in changes:
            if change.after == light:
                needless.append(change.pk)
                continue
            if change.before != light:
                change.before = light
                mended.append(change)
            light = change.after
        if items[pk].assessed_on is not None and items[pk].health != light:
            added.append(_last(items[pk], before=light))
    LightChange.objects.filter(pk__in=needless).delete()
    LightChange.objects.bulk_update(mended, ["before"], batch_size=BATCH)
    LightChange.objects.bulk_create(added, batch_size=BATCH)
    return gone


def _last(item: Commitment, *, before: str) -> LightChange:
    """The change that brought the stored light. What was never handed out is white since the day it was entered."""
    is_untouched = not before and item.stage == Stage.REGISTERED and item.health == Health.NOT_STARTED
    assert item.assessed_on is not None  # the caller looked
    on = timezone.localdate(item.created_at) if is_untouched else item.health_since or item.assessed_on
    return LightChange(
        commitment=item, plan_id=item.plan_id, on=on, before=before, after=item.health, is_demo=item.is_demo
    )
