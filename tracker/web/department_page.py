"""The contexts of the department pages."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from tracker.choices import DepartmentKind, Health
from tracker.policies import Actor
from tracker.queries import posts
from tracker.queries.detail import DepartmentLine, DepartmentView
from tracker.queries.posts import PostView
from tracker.rules import headline
from tracker.web import charts, links, overview_page, present

Shown = dict[str, Any]


def context(view: DepartmentView, *, viewer: Actor, today: date) -> Shown:
    """What templates/tracker/department_detail.html prints."""
    one = view.department
    facts = headline.HeadlineFacts(counts=view.counts)
    return {
        "crumbs": [{"text": one.jurisdiction.name, "href": ""}],
        "department": {
            "name": one.name,
            "code": one.code,
            "kind_label": DepartmentKind(one.kind).label,
            "head": view.head,
        },
        "headline": overview_page.headline_links(headline.build(facts, today=today), department=one.code),
        "lights": present.lights(view.counts, department=one.code),
        "proportions": charts.proportions(present.shares(view.counts, department=one.code)),
        "groups": [
            {
                "key": group.part,
                "total": group.total,
                "href": links.ledger(department=one.code, part=group.part),
                "rows": [present.ledger_row(row, today=today) for row in group.rows],
            }
            for group in view.groups
        ],
        "report_href": links.admin("index") if viewer.department_id == one.pk else "",
        "posts": [_post(post) for post in posts.of_department(one, today=today)],
    }


def _post(view: PostView) -> Shown:
    return {
        "title": view.post.title,
        "holder": str(view.holding.holder) if view.holding else "",
        "since": view.holding.starts_on if view.holding else None,
        "deputies": [{"name": str(one.deputy), "until": one.ends_on, "reason": one.reason} for one in view.deputies],
        "earlier": [
            {"name": str(one.holder), "starts_on": one.starts_on, "ends_on": one.ends_on} for one in view.earlier
        ],
    }


def groups(lines: Sequence[DepartmentLine]) -> list[Shown]:
    """Departments by kind, gravest first within a kind."""
    return [
        {"title": kind.label, "rows": [_line(line) for line in sorted(found, key=_gravity)]}
        for kind in DepartmentKind
        if (found := [line for line in lines if line.department.kind == kind])
    ]


def _gravity(line: DepartmentLine) -> tuple[int, int, int]:
    return (-line.counts[Health.OFF_TRACK], -line.counts[Health.AT_RISK], line.department.order)


def _line(line: DepartmentLine) -> Shown:
    code = line.department.code

    def href(light: Health) -> str:
        return links.ledger(department=code, health=light)

    return {
        "name": line.department.name,
        "href": links.department(code),
        "total": sum(line.counts.values()),
        "late": line.counts[Health.OFF_TRACK],
        "late_href": href(Health.OFF_TRACK),
        "at_risk": line.counts[Health.AT_RISK],
        "at_risk_href": href(Health.AT_RISK),
        "no_data": line.counts[Health.NO_DATA],
        "no_data_href": href(Health.NO_DATA),
        "proportions": charts.proportions(_counted(line.counts, code), is_small=True),
    }


def _counted(counts: dict[Health, int], code: str) -> list[charts.Share]:
    shares: Iterable[charts.Share] = present.shares(counts, department=code)
    return [share for share in shares if share.count]
