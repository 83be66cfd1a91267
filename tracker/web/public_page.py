"""The pages that anyone reads without a sign-in, and their JSON. Off until the supervision office switches them on.

The language stands in the address and nothing reads the session, so that every cache between may keep what it has seen.
"""

import hashlib
import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework.throttling import BaseThrottle

from projects.queries import clock
from tracker.queries import public, settings_of
from tracker.queries.public import Terms
from tracker.web import links, public_shape
from tracker.web.forms import printable

Shown = dict[str, Any]
Body = Callable[..., str]
KEPT_SECONDS = 300  # how long others may keep an answer; switching the pages off takes as long to reach everybody
PER_MINUTE = 600  # requests from one address: an office behind one line, not a machine that asks without end
HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"


def answers(kind: str) -> Callable[[Body], Callable[..., HttpResponse]]:
    """Makes a view of a function (request, terms, **parts of the address) that gives the body.

    404 while there are no public pages, 429 beyond PER_MINUTE, 304 for who has it already; bodies are kept until the
    data changes.
    """

    def decorate(body: Body) -> Callable[..., HttpResponse]:
        @require_safe
        @wraps(body)
        def view(request: HttpRequest, **parts: str) -> HttpResponse:
            on = public.terms(settings_of.site_settings(), today=timezone.localdate())
            if on is None:
                raise Http404
            if not _is_patient(request):
                refused = HttpResponse(_("Too many requests from this address. Wait a minute."), status=429)
                refused["Retry-After"] = "60"
                return refused
            with translation.override(_language(request)):
                return _answer(request, on, kind=kind, body=lambda: body(request, on, **parts))

        return view

    return decorate


def _answer(request: HttpRequest, on: Terms, *, kind: str, body: Callable[[], str]) -> HttpResponse:
    asked = (clock.revision(), on.as_of, sorted(on.fields), kind, request.path, _language(request), _after(request))
    mark = hashlib.sha256(repr(asked).encode()).hexdigest()
    found = cache.get(f"public:{mark}")
    if found is None:
        found = body()
        cache.set(f"public:{mark}", found, KEPT_SECONDS)
    answer = HttpResponse(found, content_type=kind)
    answer["ETag"] = f'"{mark[:32]}"'
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    answer["Content-Language"] = _language(request)
    if kind == JSON:
        answer["Access-Control-Allow-Origin"] = "*"
    kept = get_conditional_response(request, etag=answer["ETag"], response=answer)
    assert isinstance(kept, HttpResponse)
    return kept


def _is_patient(request: HttpRequest) -> bool:
    """Whether this address has asked less than PER_MINUTE times in this minute."""
    key = f"public-rate:{BaseThrottle().get_ident(request)}:{int(time.time() // 60)}"  # type: ignore[arg-type]  # it reads META only
    cache.add(key, 0, timeout=61)
    try:
        return int(cache.incr(key)) <= PER_MINUTE
    except ValueError:  # the minute ended between the two
        return True


def _language(request: HttpRequest) -> str:
    """The language that the address asks for; Chinese for any other word."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _after(request: HttpRequest) -> str:
    return printable(request.GET.get("after", ""))[:40]


@answers(HTML)
def plans(request: HttpRequest, on: Terms) -> str:
    """The plans with something public."""
    rows = public.plans(on)
    shown = [
        {
            "title": one.plan.title,
            "issuer": one.plan.issuer,
            "matter_count": one.matter_count,
            "href": links.with_query(links.public(one.plan.code), _query(request)),
        }
        for one in rows
    ]
    context = {"plans": shown, "has_demo": any(one.has_demo for one in rows)}
    return _page(request, on, "public/plans.html", context, links.public(as_json=True))


@answers(JSON)
def plans_json(request: HttpRequest, on: Terms) -> str:
    """The same for machines."""
    return _dump(public_shape.terms(on) | {"plans": [public_shape.plan(one) for one in public.plans(on)]})


@answers(HTML)
def plan(request: HttpRequest, on: Terms, *, plan_code: str) -> str:
    """One plan: its lights and its public matters."""
    page = public.plan_page(plan_code, on, after=_after(request))
    if page is None:
        raise Http404
    one, query = page.plan.plan, _query(request)
    context = {
        "plan": one,
        "matter_count": page.plan.matter_count,
        "has_demo": page.plan.has_demo,
        "lights": public_shape.lights(page.lights),
        "matters": public_shape.lines(page, on, query=query),
        "back_href": links.with_query(links.public(), query),
        "first_href": links.with_query(links.public(plan_code), query) if _after(request) else "",
        "next_href": public_shape.next_href(page, query),
    }
    return _page(request, on, "public/plan.html", context, links.public(plan_code, as_json=True))


@answers(JSON)
def plan_json(request: HttpRequest, on: Terms, *, plan_code: str) -> str:
    """The same for machines."""
    page = public.plan_page(plan_code, on, after=_after(request))
    if page is None:
        raise Http404
    return _dump(public_shape.plan_page(page, on))


@answers(HTML)
def matter(request: HttpRequest, on: Terms, *, plan_code: str, code: str) -> str:
    """One public matter."""
    found = public.matter(plan_code, code, on)
    if found is None:
        raise Http404
    row, one = found
    context = {
        "plan": row,
        "matter": public_shape.line(one, on),
        "has_demo": one.is_demo,
        "back_href": links.with_query(links.public(plan_code), _query(request)),
    }
    return _page(request, on, "public/matter.html", context, links.public(plan_code, code, as_json=True))


@answers(JSON)
def matter_json(request: HttpRequest, on: Terms, *, plan_code: str, code: str) -> str:
    """The same for machines."""
    found = public.matter(plan_code, code, on)
    if found is None:
        raise Http404
    return _dump(public_shape.terms(on) | {"matter": public_shape.matter(found[1], on, plan_code=plan_code)})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What machines may visit: the public pages, if there are any."""
    is_open = settings_of.site_settings().shows_public_pages
    rules = ["User-agent: *", *(["Allow: /public"] if is_open else []), "Disallow: /", ""]
    return HttpResponse("\n".join(rules), content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, on: Terms, template: str, context: Shown, json_href: str) -> str:
    """The page without the request: no session, no token, the same for everybody."""
    other = "zh-hans" if _language(request) == "en" else "en"
    kept = {"after": _after(request)} if _after(request) else {}
    common = {
        "as_of": on.as_of,
        "delay_days": on.delay_days,
        "json_href": links.with_query(json_href, kept),
        "home_href": links.with_query(links.public(), _query(request)),
        "other_href": links.with_query(request.path, kept | ({"language": other} if other == "en" else {})),
    }
    return render_to_string(template, common | context)


def _query(request: HttpRequest) -> dict[str, str]:
    """What a link takes along: the language, where it is not the site's own."""
    return {} if _language(request) == settings.LANGUAGE_CODE else {"language": _language(request)}


def _dump(value: Shown) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
