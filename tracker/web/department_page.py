"""The contexts of the department pages."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.choices import DepartmentKind, Health
from tracker.policies import Actor
from tracker.queries.detail import DepartmentLine, DepartmentView
from tracker.rules import headline
from tracker.web import charts, links, overview_page, present, present_dossier, present_owner
from tracker.web.sheets import Row, Sheet

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
        "posts": [
            present_owner.people(post) | {"href": present_owner.post_href(post.post, viewer)} for post in view.posts
        ],
        "asked": {
            "rows": [present_dossier.asked(row, viewer, today=today) for row in view.asked.rows],
            "total": view.asked.total,
            "open": view.asked.open_total,
        },
    }


def groups(lines: Sequence[DepartmentLine]) -> list[Shown]:
    """Departments by kind, gravest first within a kind."""
    return [
        {"title": kind.label, "rows": [_line(line) for line in sorted(found, key=_gravity)]}
        for kind in DepartmentKind
        if (found := [line for line in lines if line.department.kind == kind])
    ]


def sheet(lines: Sequence[DepartmentLine]) -> Sheet:
    """The list as a file: how many commitments each department leads, by light."""
    lights = [str(light.label) for light in Health]
    columns = [_("Department"), pgettext("of a department", "Kind"), _("Leads"), *lights]
    rows: list[Row] = [
        [
            line.department.name,
            str(DepartmentKind(line.department.kind).label),
            sum(line.counts.values()),
            *(line.counts[light] for light in Health),
        ]
        for line in lines
    ]
    return Sheet(name=_("Departments"), columns=columns, rows=rows)


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
        "total_href": links.ledger(department=code),
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
