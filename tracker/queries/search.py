"""Search: codes, titles, clauses, things, indicators, departments and posts, by their words or their pinyin initials.

One query for each group, six in all, each with its first rows and its count. Commitments, clauses, departments and
posts are looked for in the viewer's sight only. What is typed is text: no sign in it has a meaning of its own.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from django.db.models import Case, Count, IntegerField, Model, Q, QuerySet, Value, When, Window

from projects.models import Indicator, Initiative
from tracker import policies
from tracker.models import Clause
from tracker.policies import Actor

M = TypeVar("M", bound=Model)
ROWS = 10
# More words than these narrow nothing any more; they only make the query long.
MOST_WORDS = 6
# One letter is the beginning of too many names.
LEAST_INITIALS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing found. `health` is "" for what has no light, `kind` the group's own word for its sort."""

    code: str
    title: str
    note: str = ""
    health: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The first hits of one sort, best first, and how many there are."""

    hits: Sequence[Hit]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    commitments: Group
    clauses: Group
    things: Group
    indicators: Group
    departments: Group
    posts: Group

    @property
    def count(self) -> int:
        """All hits of all groups."""
        groups = (self.commitments, self.clauses, self.things, self.indicators, self.departments, self.posts)
        return sum(group.count for group in groups)


def words_of(text: str) -> list[str]:
    """The words that are looked for, each once, at most six."""
    return list(dict.fromkeys(text.replace("\x00", "").split()))[:MOST_WORDS]


def find(text: str, *, viewer: Actor, today: date) -> Found:
    """What holds every word of the text. Raises ValueError for a text without a word: ask nothing then."""
    words = words_of(text)
    if not words:
        raise ValueError("nothing to look for")
    seen = policies.visible_to(viewer)
    commitments = _best(seen, words, ("code", "title"), initials="initials")
    clauses = _best(
        Clause.objects.filter(plan__in=seen.values("plan")),
        words,
        ("code", "heading", "summary"),
        then=("plan__code", "order"),
    )
    things = _best(Initiative.objects.all(), words, ("code", "name", "host"), initials="initials")
    indicators = _best(Indicator.objects.all(), words, ("code", "name"), initials="initials")
    departments = _best(
        policies.departments_visible_to(viewer), words, ("code", "name", "short_name"), initials="initials"
    )
    posts = _best(
        policies.posts_visible_to(viewer, today=today),
        words,
        ("code", "title", "department__name"),
        initials="initials",
    )
    return Found(
        commitments=_group(commitments, title="title", note="lead__short_name", health="health"),
        clauses=_clauses(clauses),
        things=_group(things, title="name", note="host", kind="kind"),
        indicators=_group(indicators, title="name", note="unit"),
        departments=_group(departments, title="name", kind="kind"),
        posts=_group(posts, title="title", note="department__name"),
    )


def _best(
    rows: QuerySet[M],
    words: Sequence[str],
    fields: Sequence[str],
    *,
    initials: str = "",
    then: Sequence[str] = ("code",),
) -> QuerySet[M]:
    """The rows that hold every word, whole codes and beginnings first."""
    for word in words:
        rows = rows.filter(_holds(word, fields, initials=initials))
    first, named = _narrow(words[0]), fields[1]
    rank = Case(
        When(code__iexact=first, then=Value(0)),
        When(code__istartswith=first, then=Value(1)),
        When(**{f"{named}__istartswith": first}, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    # Its type tells of the new column, which no caller reads by name.
    return cast(QuerySet[M], rows.order_by(rank, *then).annotate(found=Window(Count("pk"))))


def _holds(word: str, fields: Sequence[str], *, initials: str) -> Q:
    """The word as it was typed or in its half-width form, in one of the fields; letters also as initials."""
    held = Q()
    for form in {word, _narrow(word)}:
        for name in fields:
            held |= Q(**{f"{name}__icontains": form})
    letters = _narrow(word).lower()
    if initials and len(letters) >= LEAST_INITIALS and letters.isascii() and letters.isalnum():
        held |= Q(**{f"{initials}__contains": letters})
    return held


def _narrow(word: str) -> str:
    """ＮＣ－００３ as NC-003: what an input method leaves in full width."""
    return unicodedata.normalize("NFKC", word)


def _group(rows: QuerySet[M], *, title: str, note: str = "", health: str = "", kind: str = "") -> Group:
    """The first rows as hits; the columns that a sort does not have stay empty."""
    columns = [name or Value("") for name in ("code", title, note, health, kind)]
    found = list(rows.values_list(*columns, "found")[:ROWS])
    hits = [
        Hit(code=code, title=title, note=note or "", health=health, kind=kind)
        for code, title, note, health, kind, _count in found
    ]
    return Group(hits=hits, count=found[0][-1] if found else 0)


def _clauses(rows: QuerySet[Clause]) -> Group:
    """Clauses with their plan as the note and its code as the kind; without a heading the summary."""
    columns = ("code", "heading", "summary", "plan__short_title", "plan__code", "found")
    found = list(rows.values_list(*columns)[:ROWS])
    hits = [
        Hit(code=code, title=heading or summary, note=plan, kind=plan_code)
        for code, heading, summary, plan, plan_code, _count in found
    ]
    return Group(hits=hits, count=found[0][-1] if found else 0)
