"""Leaders' instructions 批示: given by a leader, or entered by the supervision office; the lead department answers."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.admin.inlines import DayInput
from projects.errors import DomainError
from tracker import policies
from tracker.actions import instructions
from tracker.admin import access
from tracker.admin.questions import (
    WAITING_FIRST,
    Act,
    AnswerForm,
    Line,
    QuestionPages,
    Said,
    WithdrawForm,
    answered,
    day,
    words,
)
from tracker.choices import AnswerState, Role, Stage
from tracker.models import Commitment, Instruction, User
from tracker.policies import Actor
from tracker.queries import questions as reads
from tracker.rules import questions


class InstructionForm(forms.Form):
    """Whose word it is (the office only), what it says, by when an answer is due."""

    given_by = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("given by"),
        help_text=gettext_lazy("The leader whose word you write down."),
    )
    text = words(
        gettext_lazy("instruction"),
        rows=4,
        help_text=gettext_lazy("As it was given. Everybody who sees the commitment reads it."),
    )
    answer_due_on = forms.DateField(
        label=gettext_lazy("answer due on"),
        widget=DayInput,
        help_text=gettext_lazy("The lead department answers by this day."),
    )


@admin.register(Instruction)
class InstructionAdmin(QuestionPages[Instruction]):
    editors = frozenset({Role.LEADER, Role.SUPERVISOR})
    choose_title = gettext_lazy("Which commitment is the instruction about?")
    ask_title = gettext_lazy("Give an instruction")
    ask_button = gettext_lazy("Give it")
    asked_message = gettext_lazy("Given. The lead department sees it on its desk and answers.")
    list_display = ["title_shown", "given_by", "from_whom", "due_shown", "left_shown", "state"]
    list_select_related = ["commitment__lead", "given_by"]
    ordering = [WAITING_FIRST, "answer_due_on", "id"]

    def scope(self, viewer: Actor) -> QuerySet[Instruction]:
        return policies.instructions_visible_to(viewer).select_related(
            "commitment__lead", "given_by", "author", "answered_by"
        )

    # --- The list

    @admin.display(description=gettext_lazy("to be answered by"), ordering="commitment__lead__order")
    def from_whom(self, row: Instruction) -> str:
        return row.commitment.lead.short_name if row.commitment.lead else _("nobody yet")

    @admin.display(description=gettext_lazy("answer due on"), ordering="answer_due_on")
    def due_shown(self, row: Instruction) -> str:
        return day(row.answer_due_on)

    @admin.display(description=gettext_lazy("days left"), ordering="answer_due_on")
    def left_shown(self, row: Instruction) -> str:
        return self.left(row, row.answer_due_on)

    # --- Giving

    def askable(self, actor: Actor, *, today: date) -> QuerySet[Commitment]:
        return reads.instructable_by(actor)

    def check_may_ask(self, item: Commitment, actor: Actor, *, today: date) -> None:
        if not policies.can_instruct(actor):
            raise DomainError("not_allowed")
        questions.check_instruction(
            Stage(item.stage),
            has_lead=item.lead_id is not None,
            giver_is_leader=True,
            text="…",
            answer_due_on=today,
            today=today,
        )

    def ask_form(self, request: HttpRequest, item: Commitment, data: Any) -> forms.Form:
        form = InstructionForm(data)
        if access.role_of(request) == Role.LEADER:
            del form.fields["given_by"]
        else:
            field = form.fields["given_by"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = reads.leaders()
        return form

    def ask(self, item: Commitment, said: Said, *, by: Actor, today: date) -> Instruction:
        giver = said.get("given_by") or by.user
        if giver is None:
            raise DomainError("not_allowed")
        return instructions.give(
            item, text=said["text"], answer_due_on=said["answer_due_on"], given_by=giver, by=by, today=today
        )

    # --- The page of one

    def lines(self, row: Instruction) -> list[Line]:
        entered = "" if row.author_id == row.given_by_id else _(" (entered by %(name)s)") % {"name": row.author}
        return [
            Line(label=_("instruction"), text=row.text),
            Line(label=_("given by"), text=f"{row.given_by}{entered} · {day(row.given_on)}"),
            Line(label=_("to be answered by"), text=self.from_whom(row)),
            Line(label=_("answer due on"), text=self.until(row, row.answer_due_on)),
            *answered(row),
        ]

    def acts(self, request: HttpRequest, row: Instruction, actor: Actor, *, today: date) -> list[Act]:
        if row.state != AnswerState.OPEN:
            return []
        acts, posted = [], request.POST
        if actor.role in access.DEPARTMENTS and policies.leads(actor, row.commitment):
            form = AnswerForm(posted if "_answer" in posted else None, initial={"seen": row.revision})
            form.fields["answer"].help_text = _("What was done, and what comes next. The leader reads it.")
            acts.append(Act(title=_("Answer"), form=form, buttons={"_answer": _("Answer")}))
        if instructions.may_withdraw(actor, row):
            back = WithdrawForm(posted if "_withdraw" in posted else None, is_owed=True)
            title = _("Take the instruction back")
            acts.append(Act(title=title, form=back, buttons={"_withdraw": title}, is_aside=True))
        return acts

    def act(self, row: Instruction, button: str, said: Said, *, by: Actor, today: date) -> str:
        if button == "_withdraw":
            instructions.withdraw(row, reason=said["reason"], by=by, today=today)
            return _("Taken back. No answer is owed any more.")
        instructions.answer(row, answer=said["answer"], expected_revision=said["seen"], by=by, today=today)
        return _("Answered. The leader and the supervision office read it.")

    def closed(self, row: Instruction) -> DomainError:
        return DomainError("question_closed", state=AnswerState(row.state).label)
