"""Blockers 堵点: a department names what it lacks and who can help; that post answers."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.admin.inlines import DayInput
from projects.errors import DomainError
from tracker import policies
from tracker.actions import blockers
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
from tracker.choices import DEPARTMENT_ROLES, AnswerState, BlockerCategory, Stage
from tracker.models import Blocker, Commitment, Post
from tracker.policies import Actor
from tracker.queries import questions as reads
from tracker.rules import questions


def place(post: Post) -> str:
    """A post as people look for it: its department first."""
    return f"{post.department.short_name} · {post.title}"


class PostField(forms.ModelChoiceField[Post]):
    def label_from_instance(self, obj: Post) -> str:
        return place(obj)


class PostSelect(AutocompleteSelect):
    """Searches in our own view: officers choose a post without seeing the list of posts and their holders."""

    url_name = "%s:tracker_blocker_posts"


class PostSearch(AutocompleteJsonView):
    """Posts by title, department or pinyin initials, for the blocker's form only; it tells nothing else of them."""

    def process_request(self, request: HttpRequest) -> Any:
        asked = (request.GET.get("app_label"), request.GET.get("model_name"), request.GET.get("field_name"))
        if asked != ("tracker", "blocker", "wanted_from"):
            raise PermissionDenied
        return super().process_request(request)

    def has_perm(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.role_of(request) in access.DEPARTMENTS

    def get_queryset(self) -> QuerySet[Post]:
        return reads.posts_to_ask(self.term)

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {"id": str(obj.pk), "text": place(obj)}


class BlockerForm(forms.Form):
    """What is lacking, who can help, by when, in words."""

    category = forms.ChoiceField(
        label=gettext_lazy("what is lacking"),
        choices=[("", "—"), *BlockerCategory.choices],
        help_text=gettext_lazy("What the department cannot get by itself."),
    )
    wanted_from = PostField(
        reads.posts_to_ask(),
        label=gettext_lazy("wanted from"),
        help_text=gettext_lazy("The post that can solve it. Type a few characters of its department or its title."),
    )
    wanted_by = forms.DateField(
        label=gettext_lazy("wanted by"),
        widget=DayInput,
        help_text=gettext_lazy("The day by which help is needed for the commitment to be kept."),
    )
    text = words(
        gettext_lazy("what blocks it"),
        rows=4,
        help_text=gettext_lazy("What is stuck, what you tried, and what exactly should be decided or done."),
    )


@admin.register(Blocker)
class BlockerAdmin(QuestionPages[Blocker]):
    editors = access.DEPARTMENTS
    choose_title = gettext_lazy("Which commitment is blocked?")
    ask_title = gettext_lazy("Name a blocker")
    ask_button = gettext_lazy("Send it")
    asked_message = gettext_lazy("Sent. The post that you asked sees it; its answer comes to your desk.")
    list_display = ["title_shown", "category", "asked_by", "from_whom", "wanted_shown", "left_shown", "state"]
    list_select_related = ["commitment__lead", "author__department", "wanted_from__department"]
    list_filter = ["state", "category"]
    ordering = [WAITING_FIRST, "wanted_by", "id"]

    def scope(self, viewer: Actor) -> QuerySet[Blocker]:
        return policies.blockers_visible_to(viewer, today=timezone.localdate()).select_related(
            "commitment__lead", "author__department", "wanted_from__department", "answered_by"
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.posts_view)
        return [path("posts/", view, name="tracker_blocker_posts"), *super().get_urls()]

    def posts_view(self, request: HttpRequest) -> HttpResponseBase:
        """What the search box for a post finds."""
        return PostSearch.as_view(admin_site=self.admin_site)(request)

    # --- The list

    @admin.display(description=gettext_lazy("raised by"))
    def asked_by(self, row: Blocker) -> str:
        return row.author.department.short_name if row.author.department else str(row.author)

    @admin.display(description=gettext_lazy("wanted from"))
    def from_whom(self, row: Blocker) -> str:
        return place(row.wanted_from)

    @admin.display(description=gettext_lazy("wanted by"), ordering="wanted_by")
    def wanted_shown(self, row: Blocker) -> str:
        return day(row.wanted_by)

    @admin.display(description=gettext_lazy("days left"), ordering="wanted_by")
    def left_shown(self, row: Blocker) -> str:
        return self.left(row, row.wanted_by)

    # --- Asking

    def askable(self, actor: Actor, *, today: date) -> QuerySet[Commitment]:
        return reads.blockable_by(actor)

    def check_may_ask(self, item: Commitment, actor: Actor, *, today: date) -> None:
        if actor.role not in DEPARTMENT_ROLES:
            raise DomainError("blocker_not_yours")
        questions.check_blocker(Stage(item.stage), text="…", wanted_by=today, today=today)

    def ask_form(self, request: HttpRequest, item: Commitment, data: Any) -> forms.Form:
        form = BlockerForm(data)
        field = form.fields["wanted_from"]
        assert isinstance(field, PostField)
        field.queryset = reads.posts_to_ask()
        field.widget = PostSelect(Blocker._meta.get_field("wanted_from"), self.admin_site)
        field.widget.choices = field.choices
        return form

    def ask(self, item: Commitment, said: Said, *, by: Actor, today: date) -> Blocker:
        return blockers.ask(
            item,
            category=BlockerCategory(said["category"]),
            text=said["text"],
            wanted_from=said["wanted_from"],
            wanted_by=said["wanted_by"],
            by=by,
            today=today,
        )

    # --- The page of one

    def lines(self, row: Blocker) -> list[Line]:
        return [
            Line(label=_("what is lacking"), text=row.get_category_display()),
            Line(label=_("what blocks it"), text=row.text),
            Line(
                label=_("raised by"),
                text=f"{self.asked_by(row)} · {row.author} · {day(timezone.localdate(row.created_at))}",
            ),
            Line(label=_("wanted from"), text=place(row.wanted_from)),
            Line(label=_("wanted by"), text=self.until(row, row.wanted_by)),
            *answered(row),
        ]

    def acts(self, request: HttpRequest, row: Blocker, actor: Actor, *, today: date) -> list[Act]:
        if row.state != AnswerState.OPEN:
            return []
        acts, posted = [], request.POST
        if policies.can_answer_blocker(actor, row, today=today):
            form = AnswerForm(posted if "_answer" in posted else None, initial={"seen": row.revision})
            form.fields["answer"].help_text = _("What was decided or done. The answer closes the matter.")
            acts.append(Act(title=_("Answer"), form=form, buttons={"_answer": _("Answer and close")}))
        if blockers.may_withdraw(actor, row):
            back = WithdrawForm(posted if "_withdraw" in posted else None, is_owed=False)
            title = _("Take the blocker back")
            acts.append(Act(title=title, form=back, buttons={"_withdraw": title}, is_aside=True))
        return acts

    def act(self, row: Blocker, button: str, said: Said, *, by: Actor, today: date) -> str:
        if button == "_withdraw":
            blockers.withdraw(row, reason=said["reason"], by=by, today=today)
            return _("Taken back. Nobody is asked any more.")
        blockers.answer(row, answer=said["answer"], expected_revision=said["seen"], by=by, today=today)
        return _("Answered. The department reads it on its desk.")

    def closed(self, row: Blocker) -> DomainError:
        return DomainError("question_closed", state=AnswerState(row.state).label)
