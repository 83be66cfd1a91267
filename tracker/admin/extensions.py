"""Extension requests: the lead department asks before the date, the supervision office decides."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.admin.inlines import DayInput
from projects.errors import DomainError
from tracker import policies
from tracker.actions import extensions
from tracker.admin import access
from tracker.admin.questions import WAITING_FIRST, Act, Line, QuestionPages, Said, SeenForm, WithdrawForm, day, words
from tracker.choices import ExtensionState, Role, Stage
from tracker.models import Commitment, ExtensionRequest
from tracker.policies import Actor
from tracker.queries import questions as reads
from tracker.rules import questions

# The office's queue among what waits; what is decided follows, the newest first.
OLDEST_FIRST = Case(When(state=ExtensionState.PENDING, then="created_at"))


class RequestForm(SeenForm):
    """Until when, and why."""

    wanted_on = forms.DateField(label=gettext_lazy("new date asked for"), widget=DayInput)
    reason = words(
        gettext_lazy("reason"),
        rows=4,
        help_text=gettext_lazy("What delays it, what has been done about it, and why the new date can be kept."),
    )

    def __init__(self, data: Any, *, item: Commitment) -> None:
        super().__init__(data, initial={"seen": item.revision})
        field = self.fields["wanted_on"]
        if item.due_on:
            field.widget.attrs["min"] = (item.due_on + timedelta(days=1)).isoformat()
            field.help_text = _("Later than %(day)s, the present due date.") % {"day": item.due_on.isoformat()}


class DecisionForm(SeenForm):
    """The office's word: a date, whether assessment follows it, and why."""

    granted_on = forms.DateField(
        label=gettext_lazy("date granted"),
        widget=DayInput,
        help_text=gettext_lazy("The date asked for. Change it to grant another one."),
    )
    is_exemption = forms.BooleanField(
        label=gettext_lazy("assessed by the new date"),
        required=False,
        help_text=gettext_lazy(
            "Tick it only for force majeure or changed policy. Otherwise the original date still decides the light."
        ),
    )
    decision = words(
        gettext_lazy("words to the department"),
        required=False,
        help_text=gettext_lazy("Needed to refuse. The department reads it."),
    )


@admin.register(ExtensionRequest)
class ExtensionRequestAdmin(QuestionPages[ExtensionRequest]):
    editors = access.DEPARTMENTS
    choose_title = gettext_lazy("Which commitment needs more time?")
    ask_title = gettext_lazy("Ask for an extension")
    ask_button = gettext_lazy("Ask for the extension")
    asked_message = gettext_lazy("Asked. The supervision office decides; you will see its answer on your desk.")
    list_display = ["title_shown", "asked_by", "dates_shown", "left_shown", "state"]
    list_select_related = ["commitment__lead", "author__department"]
    list_filter = ["state", "is_exemption"]
    ordering = [WAITING_FIRST, OLDEST_FIRST, "-created_at", "-id"]

    def scope(self, viewer: Actor) -> QuerySet[ExtensionRequest]:
        return policies.extensions_visible_to(viewer).select_related(
            "commitment__lead", "commitment__plan", "author__department", "decided_by"
        )

    # --- The list

    @admin.display(description=gettext_lazy("asked by"))
    def asked_by(self, row: ExtensionRequest) -> str:
        return row.author.department.short_name if row.author.department else str(row.author)

    @admin.display(description=gettext_lazy("due date → new date"), ordering="wanted_on")
    def dates_shown(self, row: ExtensionRequest) -> str:
        return f"{day(row.due_on)} → {day(row.granted_on or row.wanted_on)}"

    @admin.display(description=gettext_lazy("until the due date"), ordering="due_on")
    def left_shown(self, row: ExtensionRequest) -> str:
        return self.left(row, row.due_on)

    # --- Asking

    def askable(self, actor: Actor, *, today: date) -> QuerySet[Commitment]:
        return reads.extendable_by(actor, today=today)

    def check_may_ask(self, item: Commitment, actor: Actor, *, today: date) -> None:
        if not policies.leads(actor, item):
            raise DomainError("extension_not_yours")
        questions.check_request(
            Stage(item.stage),
            due_on=item.due_on,
            wanted_on=date.max,
            reason="…",
            has_pending=item.extensions.filter(state=ExtensionState.PENDING).exists(),
            today=today,
        )

    def ask_form(self, request: HttpRequest, item: Commitment, data: Any) -> forms.Form:
        return RequestForm(data, item=item)

    def ask(self, item: Commitment, said: Said, *, by: Actor, today: date) -> ExtensionRequest:
        return extensions.request(
            item,
            wanted_on=said["wanted_on"],
            reason=said["reason"],
            expected_revision=said["seen"],
            by=by,
            today=today,
        )

    # --- The page of one

    def lines(self, row: ExtensionRequest) -> list[Line]:
        said = [
            Line(label=_("reason"), text=row.reason),
            Line(label=_("asked by"), text=f"{self.asked_by(row)} · {row.author} · {_moment(row.created_at)}"),
            Line(label=_("original due date"), text=day(row.original_due_on)),
            Line(label=_("due date when asked"), text=self.until(row, row.due_on)),
            Line(label=_("new date asked for"), text=day(row.wanted_on)),
        ]
        if row.state == ExtensionState.GRANTED:
            said.append(Line(label=_("date granted"), text=day(row.granted_on)))
            assessed = _("by the new date") if row.is_exemption else _("by the original date")
            said.append(Line(label=_("assessed"), text=assessed))
        if row.decided_at is not None:
            by = str(row.decided_by) if row.decided_by else _("The site")
            said.append(Line(label=_("decided by"), text=f"{by} · {_moment(row.decided_at)}"))
        if row.decision:
            said.append(Line(label=_("words of the decision"), text=row.decision))
        return said

    def acts(self, request: HttpRequest, row: ExtensionRequest, actor: Actor, *, today: date) -> list[Act]:
        if row.state != ExtensionState.PENDING:
            return []
        acts, posted = [], request.POST
        if actor.role == Role.SUPERVISOR and actor.user_id != row.author_id:
            data = posted if "_grant" in posted or "_refuse" in posted else None
            form = DecisionForm(data, initial={"granted_on": row.wanted_on, "seen": row.revision})
            form.fields["granted_on"].required = "_refuse" not in posted
            acts.append(Act(title=_("Decide"), form=form, buttons={"_grant": _("Grant"), "_refuse": _("Refuse")}))
        if extensions.may_withdraw(actor, row):
            back = WithdrawForm(posted if "_withdraw" in posted else None, is_owed=False)
            title = _("Take the request back")
            acts.append(Act(title=title, form=back, buttons={"_withdraw": title}, is_aside=True))
        return acts

    def act(self, row: ExtensionRequest, button: str, said: Said, *, by: Actor, today: date) -> str:
        if button == "_withdraw":
            extensions.withdraw(row, reason=said["reason"], by=by, today=today)
            return _("Taken back. The due date stays as it is.")
        is_granted = button == "_grant"
        extensions.decide(
            row,
            is_granted=is_granted,
            granted_on=said["granted_on"] if is_granted else None,
            is_exemption=said["is_exemption"],
            decision=said["decision"],
            expected_revision=said["seen"],
            by=by,
            today=today,
        )
        if is_granted:
            said_day = {"title": row.commitment.title, "day": day(said["granted_on"])}
            return _("Granted: “%(title)s” is now due on %(day)s. The original date stays beside it.") % said_day
        return _("Refused: “%(title)s”. The department reads your words.") % {"title": row.commitment.title}

    def closed(self, row: ExtensionRequest) -> DomainError:
        return DomainError("extension_closed", state=ExtensionState(row.state).label)


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
