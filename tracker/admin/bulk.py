"""One action for many rows: first a page that says what will happen, then each row by itself under one reason and one
event group. What cannot be done is named, row by row, before and after.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin, helpers
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.errors import DomainError
from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.policies import Actor

Row = TypeVar("Row", bound=Model)


class BulkForm(forms.Form):
    """One reason for all. `chosen` holds the rows as the page showed them, so that nothing slips in afterwards."""

    reason = forms.CharField(
        label=_("reason"),
        required=False,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("One reason for all of them. It stands in the history of each."),
    )
    chosen = forms.RegexField(r"^\d+(,\d+)*$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: ModelAdmin[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = str(DomainError("reason_needed"))
        self.add_fields(page)

    def add_fields(self, page: ModelAdmin[Any]) -> None:
        """What else this action asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the person said on the page, who it was, and the group that ties the events together."""

    values: dict[str, Any]
    by: Actor
    today: date
    group: UUID

    @property
    def reason(self) -> str:
        return str(self.values["reason"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Generic[Row]):
    """What is done with many rows.

    Args:
        title: head of the page, and what its button says.
        asks: the sentence about so many rows; `done`: the sentence afterwards.
        check: raises DomainError for a row with which it cannot be done as it stands; asks nothing of the form.
        act: does it with one row, through an action. May raise DomainError.
        after: further sentences once it is done, of what `act` returned for each row.
    """

    title: str | Promise
    asks: Callable[[int], str]
    done: Callable[[int], str]
    check: Callable[[Row, Actor, date], object]
    act: Callable[[Row, Said], object]
    named: Callable[[Row], str] = str
    form: type[BulkForm] = BulkForm
    after: Callable[[Sequence[Any]], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One chosen row; `why_not` is "" when it can be done."""

    pk: int
    name: str
    why_not: str = ""


def carry(page: Guarded[Row], request: HttpRequest, rows: QuerySet[Row], order: Order[Row]) -> HttpResponse:
    """The action of a list: first the page that asks; its own button comes back here, with `chosen`, and does it."""
    is_asked = "chosen" in request.POST
    form = order.form(request.POST if is_asked else None, page=page)
    if is_asked:
        if form.is_valid():
            _carry_out(page, request, order, form)
            return HttpResponseRedirect(request.get_full_path())
        rows = _chosen(page, request, form.data.get("chosen", ""))
    lines = _judged(rows, order, by=access.actor_of(request), today=timezone.localdate())
    possible = [line for line in lines if not line.why_not]
    context = {
        **page.admin_site.each_context(request),
        "title": order.title,
        "opts": page.opts,
        "form": form,
        "possible": possible,
        "impossible": [line for line in lines if line.why_not],
        "sentence": order.asks(len(possible)),
        "chosen": ",".join(str(line.pk) for line in possible),
        "action": request.POST.get("action", ""),
        "back": request.get_full_path(),
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
        "media": page.media + form.media,
    }
    return TemplateResponse(request, "admin/bulk.html", context)


def _judged(rows: QuerySet[Row], order: Order[Row], *, by: Actor, today: date) -> list[Line]:
    """Every chosen row with what stands against it."""
    lines = []
    for row in rows.order_by("pk"):
        try:
            order.check(row, by, today)
        except DomainError as refusal:
            lines.append(Line(pk=row.pk, name=order.named(row), why_not=str(refusal)))
        else:
            lines.append(Line(pk=row.pk, name=order.named(row)))
    return lines


def _carry_out(page: Guarded[Row], request: HttpRequest, order: Order[Row], form: BulkForm) -> None:
    """Each row in its own transaction; says how many went well and names every one that did not."""
    actor, today = access.actor_of(request), timezone.localdate()
    said = Said(values=form.cleaned_data, by=actor, today=today, group=uuid4())

    results: list[object] = []

    def step(row: Row) -> None:
        order.check(row, actor, today)
        results.append(order.act(row, said))

    rows = _chosen(page, request, form.cleaned_data["chosen"])
    done = each(page, request, rows, step, named=order.named)
    gone = form.cleaned_data["chosen"].count(",") + 1 - len(rows)
    if gone:
        page.message_user(request, str(DomainError("not_found")), messages.ERROR)
    if done:
        page.message_user(request, order.done(done), messages.SUCCESS)
    for sentence in order.after(results) if order.after and results else []:
        page.message_user(request, sentence, messages.INFO)


def _chosen(page: Guarded[Row], request: HttpRequest, chosen: str) -> QuerySet[Row]:
    """The rows that the page showed, as far as they are in sight."""
    keys: Sequence[int] = [int(part) for part in chosen.split(",") if part.isdecimal()]
    return page.get_queryset(request).filter(pk__in=keys)


def each(
    page: ModelAdmin[Row],
    request: HttpRequest,
    rows: QuerySet[Row],
    step: Callable[[Row], None],
    *,
    named: Callable[[Row], str] = str,
) -> int:
    """Do one action for every row by itself; a refusal is named and stops nothing else. Returns how many went well."""
    done = 0
    for row in rows.order_by("pk"):
        try:
            step(row)
        except DomainError as refusal:
            page.message_user(request, f"{named(row)}: {refusal}", messages.ERROR)
        else:
            done += 1
    return done
