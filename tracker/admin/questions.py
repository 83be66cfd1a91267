"""What the pages of extension requests, blockers and instructions share: first which commitment, then what is asked;
then one page that shows it, with the forms of whoever may answer or take it back. Changes go through actions.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Model, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.errors import DomainError
from tracker import policies, wording
from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.choices import AnswerState, ExtensionState
from tracker.models import Blocker, Commitment, ExtensionRequest, Instruction, Slip
from tracker.policies import Actor
from tracker.queries import workdays

Row = TypeVar("Row", bound=Model)
OPEN = {AnswerState.OPEN.value, ExtensionState.PENDING.value}
# What waits stands before what is over.
WAITING_FIRST = Case(When(state__in=sorted(OPEN), then=Value(0)), default=Value(1))
Said = dict[str, Any]


def words(label: Any, *, rows: int = 3, **options: Any) -> forms.CharField:
    """A field for a few sentences."""
    widget = forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})
    return forms.CharField(label=label, max_length=1000, widget=widget, **options)


class SeenForm(forms.Form):
    """A form that remembers which version of the row its reader saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(SeenForm):
    answer = words(gettext_lazy("answer"), rows=4)


class WithdrawForm(forms.Form):
    reason = words(gettext_lazy("reason"), rows=2)

    prefix = "withdraw"

    def __init__(self, data: Any, *, is_owed: bool) -> None:
        super().__init__(data)
        self.fields["reason"].required = is_owed


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that the reader may do on the page: a form with its buttons (name → words), the first one the main.

    An aside is folded away under its title.
    """

    title: str
    form: forms.Form
    buttons: dict[str, str]
    is_aside: bool = False

    def pressed(self, request: HttpRequest) -> str:
        """The name of the button that was pressed; "" when it is none of these."""
        return next((name for name in self.buttons if name in request.POST), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of what was said: its label and its words or its day."""

    label: str
    text: str


class QuestionPages(Guarded[Row]):
    """The pages of one kind of question. A subclass says what is asked, who may, and which action does it."""

    viewers = access.EVERYBODY
    choose_title: ClassVar[str | Promise]
    ask_title: ClassVar[str | Promise]
    ask_button: ClassVar[str | Promise]
    asked_message: ClassVar[str | Promise]
    list_select_related = ["commitment__lead"]
    list_filter = ["state"]
    search_fields = ["commitment__code", "commitment__title"]
    search_help_text = gettext_lazy("Code or words of the commitment’s title.")

    # --- What a subclass says

    def askable(self, actor: Actor, *, today: date) -> QuerySet[Commitment]:
        """The commitments of which the actor may ask this."""
        raise NotImplementedError

    def check_may_ask(self, item: Commitment, actor: Actor, *, today: date) -> None:
        """Raise DomainError when this may not be asked of the commitment now, whatever the form says."""
        raise NotImplementedError

    def ask_form(self, request: HttpRequest, item: Commitment, data: Any) -> forms.Form:
        raise NotImplementedError

    def ask(self, item: Commitment, said: Said, *, by: Actor, today: date) -> Row:
        raise NotImplementedError

    def lines(self, row: Row) -> list[Line]:
        """What was asked and answered, in reading order."""
        raise NotImplementedError

    def acts(self, request: HttpRequest, row: Row, actor: Actor, *, today: date) -> list[Act]:
        """What the reader may do with the row now."""
        raise NotImplementedError

    def act(self, row: Row, button: str, said: Said, *, by: Actor, today: date) -> str:
        """Do what the button says; returns the sentence for the reader. May raise DomainError."""
        raise NotImplementedError

    def links(self, row: Row) -> list[tuple[str, str]]:
        """Other faces of the row: the address and what its button says."""
        return []

    def closed(self, row: Row) -> DomainError:
        """Why nothing can be done with the row, for somebody who comes too late."""
        raise NotImplementedError

    def too_late(self, request: HttpRequest, row: Any) -> DomainError:
        """Why the button that was pressed is none any more."""
        return self.closed(row) if row.state not in OPEN else DomainError("not_allowed")

    # --- The list

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("commitment"), ordering="commitment__code")
    def title_shown(self, row: Any) -> SafeString:
        context = {"item": row.commitment, "with_code": True, "is_demo": row.is_demo}
        return render_to_string("admin/tracker/question/_title.html", context)

    def left(self, row: Any, day: date) -> str:
        """Days left or over in words while the row waits."""
        return wording.days_left((day - timezone.localdate()).days) if row.state in OPEN else "—"

    def until(self, row: Any, value: date) -> str:
        """A day, and while the row waits how far away it is."""
        return f"{day(value)} · {self.left(row, value)}" if row.state in OPEN else day(value)

    # --- Asking

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First which commitment, then its form. Out of sight is 404; what may not be asked is told and led back."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "commitment" not in request.GET:
            return self._choose(request)
        actor, today = access.actor_of(request), timezone.localdate()
        seen = policies.visible_to(actor).select_related("plan", "lead")
        item = seen.filter(code=request.GET["commitment"].replace("\x00", "")).first()
        if item is None:
            raise Http404
        try:
            self.check_may_ask(item, actor, today=today)
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:tracker_commitment_change", args=[item.pk]))
        form = self.ask_form(request, item, request.POST or None)
        if request.method == "POST" and form.is_valid():
            row = _tried(form, lambda: self.ask(item, form.cleaned_data, by=actor, today=today), seen=item)
            if row is not None:
                self.message_user(request, str(self.asked_message), messages.SUCCESS)
                self._warn_of_day_off(request, form.cleaned_data)
                return HttpResponseRedirect(self._address("change", row.pk))
        return self._page(request, "ask", {"title": self.ask_title, "item": item, "form": form}, media=form.media)

    def _choose(self, request: HttpRequest) -> HttpResponse:
        """Ask which commitment it is about; then come back with its code in the address."""
        mine = self.askable(access.actor_of(request), today=timezone.localdate()).order_by("code")
        widget = AutocompleteSelect(self.opts.get_field("commitment"), self.admin_site)
        field = forms.ModelChoiceField(
            mine, label=_("commitment"), widget=widget, help_text=_("Code, words of the title or its pinyin initials.")
        )
        form: forms.Form = type("ChooseForm", (forms.Form,), {"commitment": field})(request.POST or None)
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data["commitment"]
            return HttpResponseRedirect(f"{self._address('add')}?commitment={chosen.code}")
        return self._page(request, "choose", {"title": self.choose_title, "form": form}, media=form.media)

    # --- Reading, answering, taking back

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """GET shows, POST does what its button says. Who comes too late, or may not, is told and led back."""
        row: Any = self.row_or_404(request, object_id)
        actor, today = access.actor_of(request), timezone.localdate()
        acts = self.acts(request, row, actor, today=today)
        if request.method == "POST":
            act = next((one for one in acts if one.pressed(request)), None)
            if act is None:
                self.message_user(request, str(self.too_late(request, row)), messages.ERROR)
                return HttpResponseRedirect(request.path)
            form, button = act.form, act.pressed(request)
            if form.is_valid():
                done = _tried(form, lambda: self.act(row, button, form.cleaned_data, by=actor, today=today), seen=row)
                if done is not None:
                    self.message_user(request, done, messages.SUCCESS)
                    self._warn_of_day_off(request, form.cleaned_data)
                    return HttpResponseRedirect(reverse("admin:index"))
        context = {
            "title": row.commitment.title,
            "row": row,
            "item": row.commitment,
            "is_linked": policies.can_see(actor, row.commitment),
            "is_open": row.state in OPEN,
            "lines": self.lines(row),
            "acts": acts,
            "links": self.links(row),
            "history_address": self._address("history", row.pk),
        }
        return self._page(request, "question", context)

    def _warn_of_day_off(self, request: HttpRequest, said: Said) -> None:
        """An answer may be wanted on a day off; who set it so by mistake shall see it."""
        due = said.get("answer_due_on")
        if due is not None and not workdays.calendar().is_working_day(due):
            text = _("%(day)s is a day off. If that was not meant, withdraw it and set another day.")
            self.message_user(request, text % {"day": day(due)}, messages.WARNING)

    def _page(
        self, request: HttpRequest, name: str, context: Said, *, media: forms.Media | None = None
    ) -> TemplateResponse:
        around = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "list_address": self._address("changelist"),
            "ask_button": self.ask_button,
            "media": self.media + media if media else self.media,
        }
        return TemplateResponse(request, f"admin/tracker/question/{name}.html", around | context)

    def _address(self, name: str, *args: object) -> str:
        return reverse(f"admin:tracker_{self.opts.model_name}_{name}", args=args)


Result = TypeVar("Result")


def _tried(form: forms.Form, action: Callable[[], Result], *, seen: Any) -> Result | None:
    """What the action returned; None when it refused, and then the form shows why.

    Whoever saw an older version now sees the present one, and their next press is about that.
    """
    try:
        return action()
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        if refusal.code == "stale":
            seen.refresh_from_db()
            form.data = {**{name: form.data[name] for name in form.data}, "seen": str(seen.revision)}
        return None


def offered(site: AdminSite, request: HttpRequest, item: Commitment) -> list[tuple[str, str]]:
    """What this person may ask of the commitment now: the address of the form, and what its button says."""
    actor, today, found = access.actor_of(request), timezone.localdate(), []
    for model in (ExtensionRequest, Blocker, Instruction, Slip):
        page = site.get_model_admin(model)
        if not isinstance(page, QuestionPages) or not page.has_add_permission(request):
            continue
        with suppress(DomainError):
            page.check_may_ask(item, actor, today=today)
            address = reverse(f"admin:tracker_{model._meta.model_name}_add")
            found.append((f"{address}?{urlencode({'commitment': item.code})}", str(page.ask_title)))
    return found


def day(value: date | None) -> str:
    """A day as lists and pages write it."""
    return value.isoformat() if value else "—"


def answered(row: Any) -> Sequence[Line]:
    """The lines of an answer, none while there is none."""
    if row.answered_at is None:
        return []
    by = str(row.answered_by) if row.answered_by else _("The site")
    at = f"{timezone.localtime(row.answered_at):%Y-%m-%d %H:%M}"
    return [Line(label=_("answer"), text=row.answer), Line(label=_("answered by"), text=f"{by} · {at}")]
