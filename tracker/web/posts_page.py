"""One post with everything of it, and a leader's portfolio: the posts held and the posts that they oversee."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tracker.choices import Health
from tracker.policies import Actor
from tracker.queries import portfolio as portfolios
from tracker.queries import questions
from tracker.queries.portfolio import Portfolio, PortfolioLine, PostPage
from tracker.rules import headline
from tracker.rules.headline import HeadlineFacts
from tracker.web import charts, links, present, present_dossier, present_overview, present_owner
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]


@login_required
def post(request: HttpRequest, code: str) -> HttpResponse:
    """One post, or 404 when it is not in sight."""
    viewer, today = viewer_of(request), timezone.localdate()
    found = portfolios.post(code, viewer=viewer, today=today)
    if found is None:
        raise Http404
    return render(request, "tracker/post.html", post_context(found, viewer=viewer, today=today))


@login_required
def portfolio(request: HttpRequest) -> HttpResponse:
    """The posts of the person who looks, and those that they oversee."""
    viewer, today = viewer_of(request), timezone.localdate()
    wanted = questions.words_wanted(viewer, today=today).count()
    found = portfolios.of_viewer(viewer, today=today, words_wanted=wanted)
    return render(request, "tracker/portfolio.html", portfolio_context(found, viewer=viewer, today=today))


def post_context(found: PostPage, *, viewer: Actor, today: date) -> Shown:
    """What templates/tracker/post.html prints."""
    one = found.view.post
    above = one.overseen_by
    department = one.department
    return {
        "crumbs": [{"text": department.name, "href": present_owner.department_href(department, viewer)}],
        "post": present_owner.people(found.view)
        | {
            "is_head": one.is_head,
            "above": {"title": above.title, "href": present_owner.post_href(above, viewer)} if above else None,
            "under": [{"title": row.title, "href": present_owner.post_href(row, viewer)} for row in found.oversees],
        },
        "headline": present_overview.headline_links(
            headline.build(HeadlineFacts(counts=found.counts), today=today), post=one.code
        ),
        "total": found.total,
        "list_href": links.ledger(post=one.code),
        "lights": present.lights(found.counts, post=one.code),
        "proportions": charts.proportions(present.shares(found.counts, post=one.code)),
        "rows": [present.ledger_row(row, today=today) for row in found.rows],
        "asked": {
            "rows": [present_dossier.asked(row, viewer, today=today) for row in found.asked.rows],
            "total": found.asked.total,
            "open": found.asked.open_total,
        },
    }


def portfolio_context(found: Portfolio, *, viewer: Actor, today: date) -> Shown:
    """What templates/tracker/portfolio.html prints."""
    return {
        "held": found.held,
        "under": len(found.lines) - found.held,
        "total": sum(found.counts.values()),
        "headline": present_overview.headline_links(
            headline.build(HeadlineFacts(counts=found.counts), today=today), portfolio=1
        ),
        "words": found.words_wanted,
        "words_href": links.ledger(word=1),
        "list_href": links.ledger(portfolio=1),
        "lights": present.lights(found.counts, portfolio=1),
        "proportions": charts.proportions(present.shares(found.counts, portfolio=1)),
        "lines": [_line(line, viewer) for line in found.lines],
    }


def _line(line: PortfolioLine, viewer: Actor) -> Shown:
    code = line.view.post.code
    href = links.post(code) if line.depth == 0 else present_owner.post_href(line.view.post, viewer)
    return present_owner.people(line.view) | {
        "href": href,
        "department": line.view.post.department.name,
        "depth": line.depth,
        "total": sum(line.counts.values()),
        "total_href": links.ledger(post=code),
        "late": line.counts[Health.OFF_TRACK],
        "late_href": links.ledger(post=code, health=Health.OFF_TRACK),
        "at_risk": line.counts[Health.AT_RISK],
        "at_risk_href": links.ledger(post=code, health=Health.AT_RISK),
        "asked": line.open_blockers,
        "asked_href": f"{href}#asked" if href else "",
        "proportions": charts.proportions(
            [share for share in present.shares(line.counts, post=code) if share.count], is_small=True
        ),
    }
