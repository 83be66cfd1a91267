"""How departments and posts become JSON."""

from collections.abc import Collection, Mapping
from datetime import date

from tracker import wording
from tracker.api import shapes
from tracker.api.lines import lights, lines, named
from tracker.api.questions import shapes as questions
from tracker.api.rows import Json, person
from tracker.api.shapes import ROOT
from tracker.choices import Health
from tracker.models import Blocker, Department, Post
from tracker.queries.api_words import BLOCKER_COLUMNS
from tracker.queries.detail import DepartmentView
from tracker.queries.portfolio import Asked, Portfolio, PostPage
from tracker.queries.posts import PostView
from tracker.rules import headline
from tracker.rules.headline import HeadlineFacts


def line(one: Department, counts: Mapping[Health, int]) -> Json:
    """A department in the list, with the lights of what it leads."""
    return shapes.department(one) | {"lights": lights(counts), "url": f"{ROOT}/departments/{one.code}/"}


def department(view: DepartmentView, *, seen: Collection[str], today: date) -> Json:
    """One department. `seen`: the codes among the matters it is asked about that are in sight."""
    one = view.department
    return line(one, view.counts) | {
        "jurisdiction": named(one.jurisdiction.code, one.jurisdiction.name),
        "headline": _headline(view.counts, today=today),
        "groups": [
            {"part": group.part, "total_count": group.total, "commitments": lines(group.rows, today=today)}
            for group in view.groups
        ],
        # The post's department is this one: it is not read again.
        "posts": [held(post, department=named(one.code, one.name)) for post in view.posts],
        "asked": _asked(view.asked, seen=seen),
    }


def post(view: PostView) -> Json:
    """A post with its department and its people."""
    return held(view, department=named(view.post.department.code, view.post.department.name))


def held(view: PostView, *, department: Json) -> Json:
    """A post with its people."""
    one, holding = view.post, view.holding
    return _post(one) | {
        "department": department,
        "is_head": one.is_head,
        "holder": person(holding.holder.username, holding.holder.full_name) if holding else None,
        "held_since": holding.starts_on if holding else None,
        "deputies": [
            person(row.deputy.username, row.deputy.full_name) | {"ends_on": row.ends_on, "reason": row.reason}
            for row in view.deputies
        ],
        "earlier": [
            person(row.holder.username, row.holder.full_name) | {"starts_on": row.starts_on, "ends_on": row.ends_on}
            for row in view.earlier
        ],
        "url": f"{ROOT}/posts/{one.code}/",
    }


def whole_post(found: PostPage, *, seen: Collection[str], today: date) -> Json:
    """One post with what it answers for. `seen`: as for a department."""
    above = found.view.post.overseen_by
    return post(found.view) | {
        "overseen_by": _post(above) if above else None,
        "oversees": [_post(row) for row in found.oversees],
        "headline": _headline(found.counts, today=today),
        "total_count": found.total,
        "lights": lights(found.counts),
        "commitments": lines(found.rows, today=today),
        "asked": _asked(found.asked, seen=seen),
    }


def portfolio(found: Portfolio, *, today: date) -> Json:
    """The posts of the person who asks."""
    return {
        "headline": _headline(found.counts, today=today),
        "total_count": sum(found.counts.values()),
        "lights": lights(found.counts),
        "word_wanted_count": found.words_wanted,
        "posts": [
            post(one.view)
            | {
                "depth": one.depth,
                "total_count": sum(one.counts.values()),
                "lights": lights(one.counts),
                "open_blocker_count": one.open_blockers,
            }
            for one in found.lines
        ],
    }


def _post(one: Post) -> Json:
    return {"code": one.code, "title": one.title}


def _headline(counts: Mapping[Health, int], *, today: date) -> str:
    pieces = wording.headline_parts(headline.build(HeadlineFacts(counts=counts), today=today))
    return "".join(piece.text for piece in pieces)


def _asked(found: Asked, *, seen: Collection[str]) -> Json:
    return {
        "total_count": found.total,
        "open_count": found.open_total,
        "blockers": [_blocker(row, is_seen=row.commitment.code in seen) for row in found.rows],
    }


def _blocker(row: Blocker, *, is_seen: bool) -> Json:
    """A row that was read with all it is shown with."""
    return questions.blocker(tuple(is_seen if path == "is_seen" else _value(row, path) for path in BLOCKER_COLUMNS))


def _value(row: object, path: str) -> object:
    """What stands at a path of BLOCKER_COLUMNS; None behind a relation that is empty."""
    for name in path.split("__"):
        row = None if row is None else getattr(row, name)
    return row
