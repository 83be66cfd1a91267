"""The living decision, clause by clause, and the list of decisions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tracker.choices import Health
from tracker.models import Clause, Plan
from tracker.policies import can_supervise
from tracker.queries import decision as query
from tracker.queries.decision import OF_CLAUSES, Choice, Coverage, Decision, Show
from tracker.rules import progress
from tracker.web import charts, links, present_decision, sheets
from tracker.web.address_form import AddressForm
from tracker.web.forms import ALL
from tracker.web.sheets import Sheet
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]


class DecisionForm(AddressForm):
    """What of a decision is shown: a chapter, a light, what is covered or not."""

    named_at = "chapter"

    chapter = forms.ChoiceField(label=gettext_lazy("Chapter"), required=False)
    health = forms.ChoiceField(label=gettext_lazy("Light"), required=False)
    show = forms.ChoiceField(label=pgettext_lazy("filter of a decision", "Who owns it"), required=False)

    def __init__(self, data: Mapping[str, str], *, chapters: Iterable[Clause], is_whole: bool) -> None:
        super().__init__(data)
        self.offer("chapter", [ALL, *((one.code, one.heading or one.code) for one in chapters)])
        self.offer("health", [ALL, *Health.choices])
        told = [(one.value, one.label) for one in Show if is_whole or one not in OF_CLAUSES]
        self.offer("show", [ALL, *told])

    def choice(self) -> Choice:
        """The checked values; a wrong one does not narrow."""
        show = self.value("show")
        return Choice(chapter=self.value("chapter"), health=self.value("health"), show=Show(show) if show else None)


@login_required
def plans(request: HttpRequest) -> HttpResponseBase:
    """The decisions in sight, with their coverage and their lights."""
    viewer, today = viewer_of(request), timezone.localdate()
    found = list(query.plans(viewer))
    covered = query.coverage(viewer, found)
    if kind := sheets.asked(request):
        return sheets.response(_plans_sheet(found, covered, is_whole=query.sees_all(viewer)), kind)
    context = {
        "rows": [_plan_row(plan, covered[plan.pk], is_whole=query.sees_all(viewer), today=today) for plan in found],
        "sheets": sheets.links(request) if found else [],
        "admin_href": links.admin("tracker_plan_add") if can_supervise(viewer) else "",
    }
    return render(request, "tracker/plan_list.html", context)


@login_required
def decision(request: HttpRequest, code: str) -> HttpResponseBase:
    """One decision; 404 when it is not in sight."""
    viewer, today = viewer_of(request), timezone.localdate()
    plan = query.plans(viewer).filter(code=code).first()
    if plan is None:
        raise Http404
    form = DecisionForm(request.GET, chapters=query.chapters(plan), is_whole=query.sees_all(viewer))
    found = query.of_plan(plan, viewer=viewer, choice=form.choice())
    kind = sheets.asked(request)
    if kind and not form.errors:
        return sheets.response(_sheet(found, form, today=today), kind)
    address = links.decision(plan.code)
    context = present_decision.page(found, today=today, can_judge=can_supervise(viewer)) | {
        "form": form,
        "chips": form.chips(address),
        "clear_href": address,
        "is_filtered": bool(form.in_use()),
        "filters_open": bool(form.in_use() or form.errors),
        "sheets": sheets.links(request) if found.clauses or found.unplaced else [],
    }
    return render(request, "tracker/decision.html", context, status=400 if form.errors else 200)


def _plan_row(plan: Plan, covered: Coverage, *, is_whole: bool, today: date) -> Shown:
    """A line of the list of decisions."""
    elapsed = progress.share_elapsed(plan.horizon_starts_on, plan.horizon_ends_on, today=today)
    total = sum(covered.lights.values())
    return present_decision.head(plan) | {
        "href": links.decision(plan.code),
        "code": plan.code,
        "short_title": plan.short_title,
        "total": total,
        "ledger_href": links.ledger(plan=plan.code) if total else "",
        "elapsed_percent": int(elapsed),
        "elapsed_bar": charts.pace_bar(elapsed, name=_("Time elapsed"), is_time=True),
        "proportions": charts.proportions(
            [
                charts.Share(health=light, count=count, href=links.ledger(plan=plan.code, health=light))
                for light, count in covered.lights.items()
            ],
            is_small=True,
        )
        if total
        else "",
        "facts": present_decision.coverage_lines(covered, plan=plan.code, is_whole=is_whole),
    }


def _plans_sheet(plans: Sequence[Plan], covered: Mapping[int, Coverage], *, is_whole: bool) -> Sheet:
    shows = [show for show in Show if is_whole or show not in OF_CLAUSES]
    columns = [
        _("Code"), _("Title"), _("Issuer"), _("Runs from"), _("Runs until"), _("Clauses"),
        *(str(show.label) for show in shows), *(str(light.label) for light in Health),
    ]  # fmt: skip
    rows = []
    for plan in plans:
        one = covered[plan.pk]
        rows.append(
            [
                plan.code, plan.title, plan.issuer, plan.horizon_starts_on, plan.horizon_ends_on, one.clauses,
                *(getattr(one, show.value) for show in shows), *one.lights.values(),
            ]
        )  # fmt: skip
    return Sheet(name=_("Decisions"), columns=columns, rows=rows)


def _sheet(found: Decision, form: DecisionForm, *, today: date) -> Sheet:
    columns = [
        _("Clause"), _("Heading"), _("Text"), _("Coverage"), _("Code"), _("Commitment"), _("Light"),
        _("Lead department"), _("Lead only suggested"), _("Why this light"),
    ]  # fmt: skip
    return Sheet(
        name=_("%(plan)s, clause by clause") % {"plan": found.plan.short_title},
        columns=columns,
        rows=present_decision.sheet_rows(found, today=today),
        filters=[chip["label"] for chip in form.chips("")],
    )
