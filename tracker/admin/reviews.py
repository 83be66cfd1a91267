"""The page of a report that is read: figures beside the last and the expected ones, questions with their answer, what
other departments gave, the evidence; and the reviewer's two buttons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.choices import ProjectStage
from projects.errors import DomainError
from tracker import policies, wording
from tracker.actions import reviews
from tracker.admin import access, report_forms
from tracker.admin.acting import Acting
from tracker.admin.bulk import BulkForm, Order, Said
from tracker.admin.report_forms import ReviewForm
from tracker.choices import ReportState, Role
from tracker.models import Commitment, ProgressReport
from tracker.policies import Actor
from tracker.queries import figures, reporting, verifications
from tracker.rules import reporting as rules
from tracker.rules.reasons import number
from tracker.rules.sanity import Question

DESK = "admin:index"
NOTHING = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table: what the report says, what stood before, what should be. `is_doubtful`: questioned."""

    label: str
    now: str
    before: str
    expected: str
    is_doubtful: bool = False


def figures_of(report: ProgressReport, *, unit: str, today: date) -> Sequence[Figure]:
    """The figures of a report, each beside the last one and the expected one; empty when it gives none."""
    item = report.commitment
    period = {"period_start": report.period_start, "period_end": report.period_end}
    known = figures.known_before(item, **period, but=report)
    doubtful = {str(one.get("field")) for one in report.doubts}
    rows: list[Figure] = []
    if report.progress is not None:
        expected = figures.expected_progress(item, today=min(today, report.period_end))
        rows.append(_row("progress", _("progress (%)"), report.progress, known.progress, expected, doubtful))
    if report.value is not None:
        label = f"{_('value of the indicator')} ({unit})" if unit else _("value of the indicator")
        rows.append(_row("value", label, report.value, known.value, None, doubtful))
    for one in figures.volume_rows(figures.volumes_said(report), known):
        label = str(report_forms.VOLUME_LABELS[one.name])
        if one.now is not None or one.before is not None:
            rows.append(_row(one.name, label, one.now, one.before, one.planned, doubtful))
    return rows


def doubts_of(report: ProgressReport) -> list[str]:
    """The questions that were asked when the report was handed in, in the reader's language."""
    return [wording.question_sentence(Question.from_json(one)) for one in report.doubts]


def _row(
    name: str, label: str, now: Decimal | None, before: Decimal | None, expected: Decimal | None, doubtful: set[str]
) -> Figure:
    shown = [NOTHING if one is None else number(one.quantize(Decimal("0.01"))) for one in (now, before, expected)]
    return Figure(label=label, now=shown[0], before=shown[1], expected=shown[2], is_doubtful=name in doubtful)


class ReviewPages(Acting[ProgressReport]):
    """The page of a report that the reader does not write."""

    def report_page(self, request: HttpRequest, report: ProgressReport) -> HttpResponse:
        actor = access.actor_of(request)
        is_waiting = report.state == ReportState.SUBMITTED
        may_review = is_waiting and actor.role == Role.SUPERVISOR and policies.can_review(actor, report)
        form = ReviewForm(request.POST or None, initial={"seen": report.revision})
        if request.method == "POST":
            if actor.role in access.DEPARTMENTS:
                # Somebody handed it in, or the office took it, while this person was writing.
                self.message_user(request, str(DomainError("report_not_open")), messages.ERROR)
                return HttpResponseRedirect(request.path)
            if actor.role != Role.SUPERVISOR:
                raise PermissionDenied
            if form.is_valid() and self._reviewed(request, report, form, by=actor):
                return HttpResponseRedirect(reverse(DESK))
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": report.commitment.title,
            "opts": self.opts,
            "form": form if may_review or form.errors else None,
            "is_own": is_waiting and actor.role == Role.SUPERVISOR and not may_review,
            **_shown(report, report.commitment, viewer=actor),
        }
        return TemplateResponse(request, "admin/tracker/progressreport/report.html", context)

    def _reviewed(self, request: HttpRequest, report: ProgressReport, form: ReviewForm, *, by: Actor) -> bool:
        said, today = form.cleaned_data, timezone.localdate()
        title = {"title": report.commitment.title}
        try:
            if "_return" in request.POST:
                reviews.send_back(report, reason=said["reason"], by=by, today=today, expected_revision=said["seen"])
                done = _("Returned: “%(title)s”. The department reads your reason on its desk.") % title
            else:
                reviews.accept(report, by=by, today=today, expected_revision=said["seen"])
                done = _("Accepted: “%(title)s”. Its progress and its light are up to date.") % title
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return False
        self.message_user(request, done, messages.SUCCESS)
        return True


def _shown(report: ProgressReport, item: Commitment, *, viewer: Actor) -> dict[str, Any]:
    """All that the page tells of the report."""
    target = item.targets.select_related("indicator").order_by("pk").first()
    unit = target.indicator.unit if target else ""
    volumes = figures.volumes_said(report)
    return {
        "report": report,
        "item": item,
        "period": report_forms.month(report),
        "previous": reporting.previous_report(item, before=report),
        "target": target,
        "figures": figures_of(report, unit=unit, today=timezone.localdate()),
        "volumes": volumes,
        "project_stage": str(ProjectStage(volumes.stage).label) if volumes and volumes.stage else "",
        "doubts": doubts_of(report),
        "contributions": reporting.contributions_to(item, period_start=report.period_start, viewer=viewer),
        "contributors": reporting.contributors_of(item),
        "evidence": verifications.evidence_of(item, viewer=viewer).filter(report=report),
        "served": list(reporting.served_by(item).order_by("code").values_list("code", flat=True)),
    }


# --- Many at once


class ReasonForm(BulkForm):
    def add_fields(self, page: ModelAdmin[Any]) -> None:
        self.fields["reason"].required = True


def _check_unchanged(report: ProgressReport, by: Actor, today: date) -> None:
    rules.check_review(ReportState(report.state), author_id=report.author_id, reviewer_id=by.user_id)
    if not reviews.says_only_no_change(report):
        raise DomainError("report_has_changes")


def _accept_unchanged(report: ProgressReport, said: Said) -> None:
    reviews.accept_if_unchanged(report, reason=said.reason, by=said.by, today=said.today, group=said.group)


ACCEPT_UNCHANGED: Order[ProgressReport] = Order(
    title=gettext_lazy("Accept unchanged reports"),
    asks=lambda count: (
        ngettext(
            "%(count)d report says nothing but “nothing changed” and can be accepted at once.",
            "%(count)d reports say nothing but “nothing changed” and can be accepted at once.",
            count,
        )
        % {"count": count}
    ),
    done=lambda count: (
        ngettext("%(count)d report was accepted.", "%(count)d reports were accepted.", count) % {"count": count}
    ),
    check=_check_unchanged,
    act=_accept_unchanged,
    named=lambda report: str(report.commitment),
    form=ReasonForm,
)
