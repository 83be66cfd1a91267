"""Supervision slips 督办单 in the admin: the office drafts, issues, drops, withdraws; the lead department answers."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from projects.admin.inlines import DayInput
from projects.errors import DomainError
from tracker import policies, wording
from tracker.actions import slips
from tracker.admin import access
from tracker.admin.questions import Act, Line, QuestionPages, Said, SeenForm, answered, day, words
from tracker.choices import Role, SlipState
from tracker.models import Commitment, Slip
from tracker.policies import Actor
from tracker.queries import slip_facts
from tracker.queries import slips as reads
from tracker.rules import slips as rules

# What waits for somebody stands before what is over.
WAITING_FIRST = Case(
    When(state=SlipState.DRAFT, then=Value(0)), When(state=SlipState.ISSUED, then=Value(1)), default=Value(2)
)
EMPTY = {"required": gettext_lazy("The slip asks nothing. Write what the department has to do.")}
# As long as stays on one sheet of A4.
LONGEST = 400


def _paper_words(label: Any, **options: Any) -> forms.CharField:
    """A field for what stands on the paper."""
    widget = forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, **options)


def _day(label: Any, missing: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput, error_messages={"required": missing}, **options)


class DraftForm(forms.Form):
    text = _paper_words(
        gettext_lazy("what is asked"),
        error_messages=EMPTY,
        help_text=gettext_lazy("A suggestion. You can still change it when you issue."),
    )


class IssueForm(SeenForm):
    text = _paper_words(
        gettext_lazy("what is asked"),
        error_messages=EMPTY,
        help_text=gettext_lazy("A suggestion from the facts above. Change it as you see fit; the department reads it."),
    )
    answer_due_on = _day(
        gettext_lazy("answer due on"),
        gettext_lazy("Choose the day by which the department has to answer."),
        help_text=gettext_lazy("The working days that the office has set, from today. Another day is possible."),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("I have read it. Issued, it keeps its number for good."),
        error_messages={
            "required": gettext_lazy(
                "Tick it once you have read the slip: issued, it goes to the department and cannot be changed any more."
            )
        },
    )


class EndForm(SeenForm):
    """Drop a draft, or withdraw what was issued."""

    reason = words(gettext_lazy("reason"), rows=2)

    prefix = "end"


class WithdrawForm(EndForm):
    confirmed = forms.BooleanField(
        label=gettext_lazy("The department was told, or will be told today."),
        error_messages={"required": gettext_lazy("Tick it once the department knows: it may be answering the slip.")},
    )


class SlipAnswerForm(SeenForm):
    text = _paper_words(
        gettext_lazy("answer"),
        error_messages={"required": gettext_lazy("The answer is empty. Say what was done or decided.")},
        help_text=gettext_lazy("Why it is late, what will be done, and who sees to it. A slip is answered once."),
    )
    promised_on = _day(
        gettext_lazy("date promised in the answer"),
        gettext_lazy("Choose the day by which it will be done. An answer without a date is none."),
        help_text=gettext_lazy("The day by which it will be reported done. The next slip follows if it is not."),
    )


@admin.register(Slip)
class SlipAdmin(QuestionPages[Slip]):
    editors = frozenset({Role.SUPERVISOR})
    choose_title = gettext_lazy("Which commitment is the slip about?")
    ask_title = gettext_lazy("Draft a slip")
    ask_button = gettext_lazy("Draft it")
    asked_message = gettext_lazy("Drafted. Read it and issue it below.")
    list_display = ["number_shown", "mark_shown", "title_shown", "to_whom", "due_shown", "left_shown", "state_shown"]
    list_display_links = ["number_shown"]
    list_filter = ["state", "level", "year"]
    ordering = [WAITING_FIRST, "-year", "-number", "-pk"]

    def scope(self, viewer: Actor) -> QuerySet[Slip]:
        return policies.slips_visible_to(viewer).select_related(
            "commitment__lead", "cites", "cited_by", "issued_by", "answered_by"
        )

    # --- The list

    @admin.display(description=gettext_lazy("Number"), ordering="number")
    def number_shown(self, row: Slip) -> str:
        return wording.slip_number(row.year, row.number)

    @admin.display(description=pgettext_lazy("of a slip", "Colour"), ordering="level")
    def mark_shown(self, row: Slip) -> SafeString:
        return render_to_string("admin/tracker/slip/_mark.html", {"level": row.level})

    @admin.display(description=gettext_lazy("to be answered by"), ordering="commitment__lead__order")
    def to_whom(self, row: Slip) -> str:
        return row.commitment.lead.short_name if row.commitment.lead else _("nobody yet")

    @admin.display(description=gettext_lazy("answer due on"), ordering="answer_due_on")
    def due_shown(self, row: Slip) -> str:
        return day(row.answer_due_on)

    @admin.display(description=gettext_lazy("days left"), ordering="answer_due_on")
    def left_shown(self, row: Slip) -> str:
        if row.state != SlipState.ISSUED or row.answer_due_on is None or reads.has_follower(row):
            return "—"
        return wording.days_left((row.answer_due_on - timezone.localdate()).days)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, row: Slip) -> str:
        return wording.slip_state(row.state, is_followed=reads.has_follower(row))

    # --- Drafting by hand

    def askable(self, actor: Actor, *, today: date) -> QuerySet[Commitment]:
        return reads.draftable_by(actor, today=today)

    def check_may_ask(self, item: Commitment, actor: Actor, *, today: date) -> None:
        if not policies.can_issue_slips(actor):
            raise DomainError("not_allowed")
        rules.level_by_hand(slip_facts.of_commitments([item])[item.pk].facts, today=today)

    def ask_form(self, request: HttpRequest, item: Commitment, data: Any) -> forms.Form:
        today = timezone.localdate()
        known = slip_facts.of_commitments([item])[item.pk]
        level = rules.level_by_hand(known.facts, today=today)
        grounds = slip_facts.grounds([(item, known.last)])[item.pk]
        return DraftForm(data, initial={"text": suggested(level, grounds, today=today)})

    def ask(self, item: Commitment, said: Said, *, by: Actor, today: date) -> Slip:
        return slips.draft(item, text=said["text"], by=by, today=today)

    # --- The page of one

    def lines(self, row: Slip) -> list[Line]:
        today = row.issued_on or timezone.localdate()
        grounds = "\n".join(wording.reason_sentence(one, today=today) for one in row.grounds)
        found = [
            Line(label=_("Number"), text=f"{wording.slip_number(row.year, row.number)} · {row.get_level_display()}"),
            Line(label=_("to be answered by"), text=self.to_whom(row)),
            Line(label=_("due date"), text=_dates(row.commitment)),
            Line(label=pgettext("slip", "Grounds"), text=grounds or "—"),
        ]
        if row.number is not None:
            found += [
                Line(label=_("what is asked"), text=row.text),
                Line(label=_("answer due on"), text=f"{day(row.answer_due_on)} · {self.left_shown(row)}"),
                Line(label=_("issued by"), text=f"{row.issued_by or _('The site')} · {day(row.issued_on)}"),
            ]
        if row.end_reason:
            found.append(Line(label=_("why it was dropped or withdrawn"), text=row.end_reason))
        if row.promised_on is not None:
            found.append(Line(label=_("date promised in the answer"), text=day(row.promised_on)))
        return [*found, *answered(row)]

    def links(self, row: Slip) -> list[tuple[str, str]]:
        return [
            (reverse("slip", args=[row.ref]), _("The paper")),
            (reverse("slip-word", args=[row.ref]), _("Word file")),
        ]

    def acts(self, request: HttpRequest, row: Slip, actor: Actor, *, today: date) -> list[Act]:
        if row.state == SlipState.DRAFT and policies.can_issue_slips(actor):
            return self._office_acts(request, row, today=today)
        if row.state != SlipState.ISSUED or reads.has_follower(row):
            return []
        seen = {"seen": row.revision}
        if actor.role in access.DEPARTMENTS and policies.can_answer_slip(actor, row):
            form = SlipAnswerForm(request.POST if "_answer" in request.POST else None, initial=seen)
            return [Act(title=_("Answer"), form=form, buttons={"_answer": _("Answer")})]
        if policies.can_issue_slips(actor):
            back = WithdrawForm(request.POST if "_withdraw" in request.POST else None, initial=seen)
            title = _("Withdraw the slip")
            return [Act(title=title, form=back, buttons={"_withdraw": title}, is_aside=True)]
        return []

    def _office_acts(self, request: HttpRequest, row: Slip, *, today: date) -> list[Act]:
        """Issue the draft or drop it; where its ground is gone, only drop it."""
        posted, seen = request.POST, {"seen": row.revision}
        dropped = EndForm(posted if "_drop" in posted else None, initial=seen)
        is_moot = rules.is_moot(slip_facts.of_draft(row), today=today)
        title = _("Drop the draft")
        drop = Act(title=title, form=dropped, buttons={"_drop": title}, is_aside=not is_moot)
        if is_moot:
            return [drop]
        said = row.text or suggested(row.level, row.grounds, today=today)
        answer_due_on = row.answer_due_on or slip_facts.answer_due_on(today=today)
        initial = seen | {"text": said, "answer_due_on": answer_due_on}
        issued = IssueForm(posted if "_issue" in posted else None, initial=initial)
        return [Act(title=_("Issue"), form=issued, buttons={"_issue": _("Issue it")}), drop]

    def act(self, row: Slip, button: str, said: Said, *, by: Actor, today: date) -> str:
        seen = said["seen"]
        if button == "_drop":
            slips.drop(row, reason=said["reason"], by=by, today=today, expected_revision=seen)
            return _("Dropped. The site drafts nothing more for this due date.")
        if button == "_withdraw":
            done = slips.withdraw(row, reason=said["reason"], by=by, today=today, expected_revision=seen)
            number = wording.slip_number(done.year, done.number)
            return _("%(slip)s is withdrawn. Its number is not used again.") % {"slip": number}
        if button == "_answer":
            slips.answer(
                row, text=said["text"], promised_on=said["promised_on"], by=by, today=today, expected_revision=seen
            )
            return _("Answered. The supervision office reads it.")
        done = slips.issue(
            row, text=said["text"], answer_due_on=said["answer_due_on"], by=by, today=today, expected_revision=seen
        )
        return _("Issued as %(slip)s.") % {"slip": wording.slip_number(done.year, done.number)}

    def too_late(self, request: HttpRequest, row: Slip) -> DomainError:
        """Who issues or drops a draft that somebody else issued meanwhile is told so."""
        is_drafts = bool({"_issue", "_drop"} & request.POST.keys())
        if is_drafts and row.state != SlipState.DRAFT and policies.can_issue_slips(access.actor_of(request)):
            return DomainError("slip_not_draft", state=SlipState(row.state).label)
        return super().too_late(request, row)

    def closed(self, row: Slip) -> DomainError:
        if row.state == SlipState.ISSUED:
            return DomainError("slip_followed") if reads.has_follower(row) else DomainError("not_allowed")
        return DomainError("slip_closed", state=SlipState(row.state).label)


def suggested(level: str, grounds: list[dict[str, object]], *, today: date) -> str:
    """What the slip asks, in the site's own language: it goes on paper, whatever language its writer reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return wording.slip_request(level, grounds, today=today)


def _dates(item: Commitment) -> str:
    if item.due_on == item.original_due_on:
        return day(item.due_on)
    return _("%(now)s (originally %(first)s)") % {"now": day(item.due_on), "first": day(item.original_due_on)}
