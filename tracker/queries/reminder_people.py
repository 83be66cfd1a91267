"""Whom a reminder reaches: officers and the owner post, the department's head, the post that oversees. Reads only."""

from datetime import date

from django.db.models import F, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from tracker.choices import Audience, ReminderOccasion, Role
from tracker.models import Commitment, Deputy, Post, PostHolding, Preference, User

# Where a matter says to whom it belongs (`reminder_matters`).
LEAD, POST = "owed_lead", "owed_post"
People = list[tuple[str, QuerySet[Model, object]]]


def of(audience: Audience, *, today: date) -> People:
    """Whom a matter's `owed_lead` and `owed_post` mean today, as (which of the two, rows of recipient and place).

    One person may be in several of them.
    """
    if audience == Audience.OFFICER:
        return _officers(today)
    if audience == Audience.HEAD:
        return _heads(today)
    return _overseers(today)


def recipients(item: Commitment, *, today: date) -> QuerySet[User]:
    """The officers and the owner post's people of one commitment, each once, by name."""
    found = (
        Q(pk__in=_of_role(Role.OFFICER).filter(department=item.lead_id).values("pk")) if item.lead_id else Q(pk__in=[])
    )
    if item.post_id:
        found |= Q(pk__in=_holdings(today).filter(post=item.post_id).values("holder"))
        found |= Q(pk__in=_deputies(today).filter(post=item.post_id).values("deputy"))
    return User.objects.filter(found).order_by("full_name", "username")


def muting(occasion: ReminderOccasion) -> QuerySet[Model, object]:
    """The settings of people who do not want this information."""
    said = Preference.objects.annotate(said=Cast("muted", TextField()))
    return said.filter(said__contains=f'"{occasion.value}"').values("user")


def _officers(today: date) -> People:
    """Active officers of the department; the post's holder and whoever stands in for the holder."""
    return [
        (LEAD, _of_role(Role.OFFICER).order_by().values(owed_recipient=F("pk"), owed_place=F("department_id"))),
        (POST, _holdings(today).order_by().values(owed_recipient=F("holder_id"), owed_place=F("post_id"))),
        (POST, _deputies(today).order_by().values(owed_recipient=F("deputy_id"), owed_place=F("post_id"))),
    ]


def _heads(today: date) -> People:
    """Who signs in as head of the department; who holds its head post, and the deputy."""
    place = F("post__department_id")
    heads = _of_role(Role.HEAD).order_by()
    return [
        (LEAD, heads.values(owed_recipient=F("pk"), owed_place=F("department_id"))),
        (
            LEAD,
            _holdings(today)
            .filter(post__is_head=True)
            .order_by()
            .values(owed_recipient=F("holder_id"), owed_place=place),
        ),
        (
            LEAD,
            _deputies(today)
            .filter(post__is_head=True)
            .order_by()
            .values(owed_recipient=F("deputy_id"), owed_place=place),
        ),
    ]


def _overseers(today: date) -> People:
    """Who holds the post that oversees the owner post, or the department's head post; and the deputy."""
    found: People = []
    below = Post.objects.filter(overseen_by__isnull=False).order_by()
    for rows, person in ((_holdings(today), "holdings__holder_id"), (_deputies(today), "deputies__deputy_id")):
        table = person.partition("__")[0]
        posts = below.filter(**{f"overseen_by__{table}__in": rows})
        found.append((POST, posts.values(owed_recipient=F(f"overseen_by__{person}"), owed_place=F("pk"))))
        heads = posts.filter(is_head=True)
        found.append((LEAD, heads.values(owed_recipient=F(f"overseen_by__{person}"), owed_place=F("department_id"))))
    return found


def _of_role(role: Role) -> QuerySet[User]:
    return User.objects.filter(role=role, is_active=True, department__isnull=False)


def _holdings(today: date) -> QuerySet[PostHolding]:
    in_office = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return PostHolding.objects.filter(in_office, starts_on__lte=today, holder__is_active=True)


def _deputies(today: date) -> QuerySet[Deputy]:
    return Deputy.objects.filter(starts_on__lte=today, ends_on__gte=today, deputy__is_active=True)
