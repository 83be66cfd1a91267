"""Ledger files in the admin: the list, and one page for each that says by its state what can be done with it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.errors import DomainError
from tracker.actions import imports, ledger_revert, ledger_words
from tracker.admin import access, ledger_answers
from tracker.admin.access import Guarded
from tracker.admin.acting import Acting, ActionForm
from tracker.choices import DepartmentKind
from tracker.import_choices import AT_WORK, ImportState, LedgerField
from tracker.ledger import importing, preview
from tracker.ledger.forms import TakenForm
from tracker.models import Department, DepartmentAlias, HeadingWord, LedgerImport
from tracker.queries import imports as queries
from tracker.rules import ledger_beside, ledger_choices
from tracker.rules.ledger import BY_FIELD
from tracker.rules.ledger_choices import Choices
from tracker.rules.reading.characters import squeezed

SHOWN = 100  # rows of each list on a page
REFRESH = 2  # seconds after which a page that waits looks again
# Refusals that another plan, year or kind may mend; a damaged file stays damaged.
READ_OTHERWISE = frozenset(
    {"import_needs_plan", "ledger_no_rows", "ledger_no_table", "ledger_no_header", "import_failed"}
)
LONGEST_WAIT = 20  # seconds after which the page says that nobody works


class RevertForm(forms.Form):
    """Why an import is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Stands in the history of each commitment."),
    )


@admin.register(LedgerImport)
class LedgerImportAdmin(Guarded[LedgerImport]):
    viewers = access.SUPERVISION
    editors = access.SUPERVISION
    list_display = ["file_name", "plan", "by", "at", "state", "new_count", "changed_count", "refused_count"]
    list_filter = ["state"]
    list_select_related = ["plan", "by"]
    search_fields = ["file_name"]
    search_help_text = gettext_lazy("Words of the file’s name.")
    ordering = ["-pk"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        revert = path("<int:object_id>/revert/", wrap(self.revert_view), name="tracker_ledgerimport_revert")
        return [revert, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:tracker_commitment_import")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row_or_404(request, object_id)
        if request.method == "POST":
            return self._answer(request, row)
        return self._page(request, row)

    def _page(
        self, request: HttpRequest, row: LedgerImport, *, form: TakenForm | None = None, status: int = 200
    ) -> HttpResponse:
        is_open = row.state in {ImportState.READY, ImportState.REFUSED}
        context = {
            "row": row,
            "title": row.file_name,
            "problem": str(DomainError.from_json(row.problem)) if row.problem else "",
            "is_waiting": row.state in AT_WORK,
            "refresh": REFRESH if row.state in AT_WORK else 0,
            "step": importing.step_of(row),
            "is_slow": row.claimed_at is None and (timezone.now() - row.waits_since).total_seconds() > LONGEST_WAIT,
            "may_help": row.problem.get("code") in READ_OTHERWISE,
            "form": form or (_taken(row) if is_open else None),
            "worked_on": ledger_revert.worked_on(row) if row.state == ImportState.DONE else [],
        }
        if row.state == ImportState.READY:
            context |= _shown(row, request)
        if row.state == ImportState.DONE:
            context["left_out"] = _left_out(row)
        name = {ImportState.READY: "preview.html", ImportState.REFUSED: "refused.html"}.get(
            ImportState(row.state), "state.html"
        )
        return self._response(request, name, context, status=status)

    def _answer(self, request: HttpRequest, row: LedgerImport) -> HttpResponse:
        """Look again with other choices, enter, lay aside, or do the waiting work here and now."""
        do, by = request.POST.get("do"), access.actor_of(request)
        here = HttpResponseRedirect(reverse("admin:tracker_ledgerimport_change", args=[row.pk]))
        try:
            if do == "drop":
                imports.drop(row, by=by)
                self.message_user(request, _("The file was laid aside. Nothing was entered."), messages.INFO)
                return HttpResponseRedirect(reverse("admin:tracker_ledgerimport_changelist"))
            if do == "work":
                importing.work(row.pk, now=timezone.now())
                return here
            form = TakenForm(request.POST)
            if not form.is_valid():
                return self._page(request, row, form=form, status=400)
            self._choose_or_confirm(request, row, form, do=do or "")
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        return here

    def _choose_or_confirm(self, request: HttpRequest, row: LedgerImport, form: TakenForm, *, do: str) -> None:
        by, said = access.actor_of(request), form.cleaned_data
        shown, post = importing.shown(row), request.POST.copy()
        while found := ledger_answers.doubled(post, shown):  # the other answers are kept
            refusal = DomainError(
                "import_columns_doubled", first=found.first, second=found.second, field_name=found.meaning
            )
            self.message_user(request, str(refusal), messages.ERROR)
            post.pop(found.box)
            post.pop(f"{found.box}-keep", None)
            do = "choose"
        before = ledger_choices.from_json(row.choices)
        choices = ledger_answers.read(post, shown, before)
        is_same = replace(choices, only_good=before.only_good) == before and (
            said["plan"],
            said["year"],
            said["kind"],
        ) == (row.plan, row.year, row.kind)
        if do == "confirm" and is_same and row.state == ImportState.READY:
            row = imports.confirm(row, seal=request.POST.get("seal", ""), only_good=choices.only_good, by=by)
        else:
            row = imports.choose(row, choices=choices, by=by, **said)
            if do == "confirm":
                self.message_user(
                    request, _("You changed answers. Look at what they make of the file, then enter it."), messages.INFO
                )
        if importing.is_small(row):
            importing.work(row.pk, now=timezone.now())

    def revert_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks why, then has the import taken back as one: at once where it is small, else by the worker."""
        row = self.row_or_404(request, str(object_id))
        if request.method != "POST" and ledger_revert.worked_on(row):  # the page of the import says why
            return HttpResponseRedirect(reverse("admin:tracker_ledgerimport_change", args=[row.pk]))
        form = RevertForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                imports.take_back(row, reason=form.cleaned_data["reason"], by=access.actor_of(request))
            except DomainError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                if importing.is_small(row):
                    importing.work(row.pk, now=timezone.now())
                return HttpResponseRedirect(reverse("admin:tracker_ledgerimport_change", args=[row.pk]))
        context = {"title": _("Take this import back"), "row": row, "form": form}
        return self._response(request, "revert.html", context)

    def _response(
        self, request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        known = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return TemplateResponse(request, f"admin/tracker/ledgerimport/{template}", {**known, **context}, status=status)


def _taken(row: LedgerImport) -> TakenForm:
    return TakenForm(initial={"plan": row.plan_id, "year": row.year, "kind": row.kind})


def _shown(row: LedgerImport, request: HttpRequest) -> dict[str, Any]:
    """The preview with its sentences in the active language, long lists by the page."""
    data: dict[str, Any] = importing.shown(row)
    choices = ledger_choices.from_json(row.choices)
    most = preview.MOST if "all" in request.GET else SHOWN
    _put_in_words([*data["refused"], *data["warnings"]])
    _name_columns(data, choices)
    for part in ("new", "changed", "noted"):
        for number, change in enumerate(data[part]):
            change["number"] = number
            change["differences"] = [
                {"field": BY_FIELD[name], "before": before, "after": after}
                for name, before, after in change["differences"]
            ]
            change["beside"] = _labelled(change["beside"])
            change["rows"] = len(change["differences"]) + len(change["beside"])
        data[part] = data[part][:most]
    for one in data["held"]:
        one["is_taken"] = one["field"] in choices.taken.get(one["code"], frozenset())
        one["column"] = BY_FIELD.get(one["field"])
        one["words"] = _labelled(one["words"])
    return {
        "data": data,
        "fields": LedgerField.choices,
        "known_fields": LedgerField.values,
        "departments": Department.objects.filter(is_active=True).only("code", "name"),
        "has_counties": Department.objects.filter(kind=DepartmentKind.COUNTY).exists(),
        "given": ledger_answers.given(choices, viewer=access.actor_of(request)),
        "only_good": choices.only_good,
        "unknown_columns": [one for sheet in data["sheets"] for one in sheet["columns"] if one["is_unknown"]],
        "sheets": [sheet for sheet in data["sheets"] if not sheet["why"]],
        "same_file": queries.same_file(row),
        "several_sheets": len([sheet for sheet in data["sheets"] if not sheet["why"]]) > 1,
        "most": most,
        "may_enter": bool(data["counts"]["new"] or data["counts"]["changed"] or data["counts"]["noted"]),
    }


def _name_columns(data: dict[str, Any], choices: Choices) -> None:
    """Give each column its box's name, and what there is to say of it."""
    boxes = {(sheet, column["index"]): name for name, sheet, column in ledger_answers.columns_of(data)}
    for sheet in data["sheets"]:
        for column in sheet["columns"]:
            column["name"] = boxes[sheet["name"], column["index"]]
            column["is_unknown"] = [sheet["name"], column["text"]] in data["unknown_columns"]
            column["is_kept"] = squeezed(column["text"]) in choices.remembered
            column["sheet"] = sheet["name"] if column["is_unknown"] and len(data["sheets"]) > 1 else ""


def _left_out(row: LedgerImport) -> dict[str, Any]:
    """What of an entered file was not entered: rows that were refused, with why, and rows that a person left out."""
    data = importing.shown(row)
    said = ledger_choices.from_json(row.choices).rows
    refused = data.get("refused", [])[:SHOWN]
    _put_in_words(refused)
    skipped = [f"{sheet} {place}".strip() for (sheet, place), answer in said.items() if answer == ledger_choices.SKIP]
    return {"refused": refused, "counts": data.get("counts", {}), "skipped": skipped}


def _put_in_words(told: Sequence[dict[str, Any]]) -> None:
    """Give each refusal or warning its sentences in the active language."""
    for one in told:
        findings = [one["fault"]] if "fault" in one else one["findings"]
        one["sentences"] = [str(DomainError.from_json(said)) for said in findings]


def _labelled(words: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """What stands beside the facts, before and after, by the names of the active language."""
    return [{"label": ledger_beside.label(name), "before": old, "after": new} for name, old, new in words]


@admin.register(DepartmentAlias)
class DepartmentAliasAdmin(Acting[DepartmentAlias]):
    viewers = access.SUPERVISION
    editors = access.SUPERVISION
    fields = ["name", "departments"]
    list_display = ["name", "meant"]
    search_fields = ["name"]
    autocomplete_fields = ["departments"]
    help_texts = {
        "name": gettext_lazy("As ledgers write it, for example “all counties and districts”."),
        "departments": gettext_lazy("One, several, or none: then the words name nobody."),
    }

    def get_readonly_fields(self, request: HttpRequest, obj: DepartmentAlias | None = None) -> list[str]:
        return ["name"] if obj else []

    @admin.display(description=gettext_lazy("departments meant"))
    def meant(self, row: DepartmentAlias) -> str:
        return "、".join(department.short_name for department in row.departments.all()) or _("nobody")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("departments")

    def carry_out(
        self, request: HttpRequest, row: DepartmentAlias, form: Any, formsets: Any, change: bool
    ) -> DepartmentAlias:
        said = form.cleaned_data
        return ledger_words.set_alias(row.name, departments=list(said["departments"]), by=access.actor_of(request))


class HeadingForm(ActionForm[HeadingWord]):
    field = forms.ChoiceField(
        label=gettext_lazy("means"),
        required=False,
        choices=[("", gettext_lazy("nothing that is read")), *LedgerField.choices],
        help_text=gettext_lazy("What a column with this heading holds."),
    )

    class Meta:
        model = HeadingWord
        fields = ("heading", "field")


@admin.register(HeadingWord)
class HeadingWordAdmin(Acting[HeadingWord]):
    viewers = access.SUPERVISION
    editors = access.SUPERVISION
    form = HeadingForm
    fields = ["heading", "field"]
    list_display = ["heading", "meaning"]
    search_fields = ["heading"]
    help_texts = {"heading": gettext_lazy("The heading exactly as offices write it, without its unit.")}

    def get_readonly_fields(self, request: HttpRequest, obj: HeadingWord | None = None) -> list[str]:
        return ["heading"] if obj else []

    @admin.display(description=gettext_lazy("means"), ordering="field")
    def meaning(self, row: HeadingWord) -> str:
        return str(LedgerField(row.field).label) if row.field else _("nothing that is read")

    def carry_out(self, request: HttpRequest, row: HeadingWord, form: Any, formsets: Any, change: bool) -> HeadingWord:
        return ledger_words.set_heading(row.heading, field=form.cleaned_data["field"], by=access.actor_of(request))
