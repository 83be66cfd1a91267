"""The pages. Each view asks one query function, shapes the answer, renders. No rules, no SQL."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from tracker import policies
from tracker.choices import Role
from tracker.models import User
from tracker.queries import choices_of, detail, ledger_rows
from tracker.web import burden_page, commitment_page, department_page, links, overview_page, present
from tracker.web.forms import FilterForm
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
    """The leader's page."""
    viewer = viewer_of(request)
    try:
        body = overview_page.body(viewer, plan_code=request.GET.get("plan", ""), today=timezone.localdate())
    except LookupError:
        raise Http404 from None
    # Rendered by our own template, which escaped everything.
    return render(request, "tracker/overview.html", {"body": mark_safe(body)})  # noqa: S308


@login_required
def commitments(request: HttpRequest) -> HttpResponse:
    """The list with filters."""
    viewer, today = viewer_of(request), timezone.localdate()
    form = FilterForm(
        request.GET,
        departments=choices_of.departments(viewer),
        chapters=choices_of.chapters(viewer),
        plans=choices_of.plans(viewer),
    )
    page = ledger_rows.page(viewer, form.filters(), after=form.cleaned_data.get("after", ""))
    query = {name: str(value) for name, value in form.data.items() if value}
    in_use = [name for name in query if name in form.fields and name not in form.errors and name != "after"]
    context = {
        "form": form,
        "filters_open": any(
            name in query or name in form.errors for name in ("kind", "chapter", "stage", "due_after", "due_before")
        ),
        "chips": present.chips([(name, *_in_words(form, name)) for name in in_use], query),
        "clear_href": links.ledger(),
        "total": page.total,
        "matched": page.matched,
        "matched_is_capped": page.matched_is_capped,
        "is_filtered": bool(in_use),
        "rows": [present.ledger_row(row, today=today) for row in page.rows],
        "first_href": links.ledger(**_without_after(query)) if query.get("after") else "",
        "next_href": links.ledger(**_without_after(query), after=page.next_after) if page.next_after else "",
        "export_href": _export_href(viewer),
    }
    return render(request, "tracker/commitment_list.html", context, status=400 if form.errors else 200)


def _without_after(query: Mapping[str, str]) -> dict[str, str]:
    return {name: str(value) for name, value in query.items() if value and name != "after"}


def _in_words(form: FilterForm, name: str) -> tuple[str, str]:
    """A filter's label and its value as a person reads them."""
    value = str(form.cleaned_data.get(name, ""))
    if name == "review":
        return _("Waiting for review"), ""
    if name == "word":
        return _("Waiting for your word"), ""
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(form.fields[name].label or ""), str(choices.get(value) or value)


def _export_href(viewer: policies.Actor) -> str:
    return links.admin("tracker_commitment_export")


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
def departments(request: HttpRequest) -> HttpResponse:
    """The departments that lead something."""
    lines = detail.departments(viewer=viewer_of(request))
    return render(request, "tracker/department_list.html", {"groups": department_page.groups(lines)})


@login_required
def department(request: HttpRequest, code: str) -> HttpResponse:
    """One department, or 404 when it is not in sight."""
    viewer, today = viewer_of(request), timezone.localdate()
    view = detail.department(code, viewer=viewer)
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
