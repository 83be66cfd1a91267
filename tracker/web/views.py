"""The pages. Each view asks one query function, shapes the answer, renders. No rules, no SQL."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from tracker.actions import looks
from tracker.choices import Role
from tracker.models import User
from tracker.queries import detail
from tracker.web import burden_page, commitment_page, comparison_page, department_page, links, overview_page, sheets
from tracker.web.viewers import viewer_of


class SignInView(LoginView):
    """Sign-in. Who has daily work goes to the desk, leaders to the overview."""

    template_name = "registration/login.html"
    redirect_authenticated_user = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without Django's own `site`, which would hide ours: the demonstration's banner stands here too."""
        context = super().get_context_data(**kwargs)
        del context["site"]
        return context

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        if isinstance(user, User) and user.role in {Role.OFFICER, Role.HEAD, Role.SUPERVISOR}:
            return reverse("admin:index")
        return reverse("overview")


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """The leader's page. To look at it moves the mark from which the next visit's news count."""
    viewer = viewer_of(request)
    try:
        body = overview_page.body(viewer, plan_code=request.GET.get("plan", ""), today=timezone.localdate())
    except LookupError:
        raise Http404 from None
    since = overview_page.since(viewer, looks.look(viewer, now=timezone.now()), plan=body.plan)
    # Rendered by our own templates, which escaped everything.
    parts = {"lead": mark_safe(body.lead), "rest": mark_safe(body.rest)}  # noqa: S308
    return render(request, "tracker/overview.html", {"body": parts, "since": since})


@login_required
def commitment(request: HttpRequest, code: str) -> HttpResponse:
    """One commitment, or 404 when there is none in sight."""
    viewer, today = viewer_of(request), timezone.localdate()
    view = detail.commitment(code, viewer=viewer, today=today)
    if view is None:
        raise Http404
    context = commitment_page.context(view, viewer=viewer, today=today)
    return render(request, "tracker/commitment_detail.html", context)


@login_required
def departments(request: HttpRequest) -> HttpResponseBase:
    """The departments that lead something."""
    viewer = viewer_of(request)
    lines = detail.departments(viewer=viewer)
    if kind := sheets.asked(request):
        return sheets.response(department_page.sheet(lines), kind)
    context = {
        "groups": department_page.groups(lines),
        "sheets": sheets.links(request),
        "compare_href": links.comparison() if comparison_page.is_open(viewer) else "",
    }
    return render(request, "tracker/department_list.html", context)


@login_required
def department(request: HttpRequest, code: str) -> HttpResponse:
    """One department, or 404 when it is not in sight."""
    viewer, today = viewer_of(request), timezone.localdate()
    view = detail.department(code, viewer=viewer, today=today)
    if view is None:
        raise Http404
    return render(request, "tracker/department_detail.html", department_page.context(view, viewer=viewer, today=today))


@login_required
def burden(request: HttpRequest) -> HttpResponse:
    """What a month asks of each department; of one's own for its people."""
    try:
        month = burden_page.month_of(request.GET.get("month", ""), today=timezone.localdate())
    except LookupError:
        raise Http404 from None
    return render(request, "tracker/burden.html", burden_page.context(viewer_of(request), month=month))
