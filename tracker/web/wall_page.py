"""The wall 挂图作战: one plan in large type, no controls. It turns its own pages by the address it refreshes to."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tracker.choices import Health
from tracker.policies import Actor
from tracker.queries import wall
from tracker.queries.rollup import PlanSummary
from tracker.rules import headline, progress
from tracker.rules import wall as rules
from tracker.rules.wall import Screen
from tracker.web import charts, links, present
from tracker.web.forms import printable
from tracker.web.viewers import viewer_of
from tracker.wording import headline_parts

Shown = dict[str, Any]


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The screen that the address asks for; 404 for a plan out of sight, a screen there is none of, a wrong number."""
    viewer, today = viewer_of(request), timezone.localdate()
    plans = wall.summaries(viewer)
    asked = _Asked(request)
    if asked.plan:
        plans = [one for one in plans if one.plan.code == asked.plan]
        if not plans:
            raise Http404
    if not plans:
        return render(request, "tracker/wall.html", {"plan": None, "is_dark": asked.is_dark, "refresh": None})
    shown = next((one for one in plans if one.plan.code == asked.turn), plans[0])
    screens = rules.screens(shown.counts)
    # Rows become fewer while the wall stands: a page that is gone gives way to the overview.
    screen = asked.screen if asked.screen in screens or asked.is_first_of_list else screens[0]
    place = screens.index(screen) if screen in screens else -1
    context = {
        "plan": shown.plan,
        "screen": screen.name,
        "place": place + 1,
        "places": len(screens),
        "is_dark": asked.is_dark,
        "refresh": _refresh(asked, plans, shown, screens, place),
        **_body(viewer, shown, screen, today=today),
    }
    return render(request, "tracker/wall.html", context)


class _Asked:
    """What stands in the address. Raises Http404 for a screen or a number that is none."""

    def __init__(self, request: HttpRequest) -> None:
        given = request.GET
        self.plan, self.turn = printable(given.get("plan", "")), printable(given.get("turn", ""))
        self.minutes = rules.minutes(_number(given.get("minutes", ""), rules.DEFAULT_MINUTES))
        self.is_dark = given.get("dark", "") not in {"", "0"}
        name = given.get("screen", "") or rules.OVERVIEW
        if name not in {rules.OVERVIEW, *rules.SHOWN}:
            raise Http404
        self.screen = Screen(name=name, page=_number(given.get("page", ""), 1))

    @property
    def is_first_of_list(self) -> bool:
        """A list may be asked for although it is empty: then it says so."""
        return self.screen.page == 1


def _number(text: str, default: int) -> int:
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 4:
        raise Http404
    return int(text)


def _refresh(
    asked: _Asked, plans: Sequence[PlanSummary], shown: PlanSummary, screens: list[Screen], place: int
) -> Shown | None:
    """After how many seconds to go where; None: the wall stands still."""
    if not asked.minutes:
        return None
    following, turn = place + 1, shown
    if following >= len(screens):
        following, turn = 0, plans[(plans.index(shown) + 1) % len(plans)]
    screen = screens[following] if turn is shown else Screen(name=rules.OVERVIEW)
    address = links.wall(
        screen=screen.name,
        page=screen.page if screen.page > 1 else None,
        plan=asked.plan,
        turn=turn.plan.code if len(plans) > 1 else "",
        minutes=asked.minutes if asked.minutes != rules.DEFAULT_MINUTES else None,
        dark=1 if asked.is_dark else None,
    )
    return {"seconds": asked.minutes * 60, "href": address}


def _body(viewer: Actor, shown: PlanSummary, screen: Screen, *, today: date) -> Shown:
    if screen.name == rules.OVERVIEW:
        return _overview(viewer, shown, today=today)
    light = rules.SHOWN[screen.name]
    found = wall.rows(viewer, shown.plan, light, first=screen.first_row)
    last = screen.first_row + len(found)
    return {
        "light": light,
        "total": shown.counts[light],
        "first": screen.first_row + 1,
        "last": last,
        "left": shown.counts[light] - last if screen.page == rules.MOST_PAGES else 0,
        "rows": [present.exception_row(row, today=today) for row in found],
    }


def _overview(viewer: Actor, shown: PlanSummary, *, today: date) -> Shown:
    plan, work = shown.plan, shown.work
    facts = headline.HeadlineFacts(counts=shown.counts, starts_on=plan.horizon_starts_on, ends_on=plan.horizon_ends_on)
    week = wall.week(viewer, plan, today=today)
    elapsed = progress.share_elapsed(plan.horizon_starts_on, plan.horizon_ends_on, today=today)
    return present.pace(elapsed=elapsed, done=work.percent, unknown=work.unknown) | {
        "headline": headline_parts(headline.build(facts, today=today)),
        "proportions": charts.proportions(
            [charts.Share(health=light, count=count, href="") for light, count in shown.counts.items()]
        ),
        "lights": [
            {"health": light, "count": shown.counts[light], "change": None if week is None else week[light]}
            for light in Health
        ],
        "has_week": week is not None,
        "days_left": (plan.horizon_ends_on - today).days,
    }
