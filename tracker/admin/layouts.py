"""Layouts of files: an office chooses the columns of its exports and their order once."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from tracker import policies
from tracker.actions import layouts
from tracker.admin import access
from tracker.admin.acting import Acting, ActionForm
from tracker.choices import DEPARTMENT_ROLES
from tracker.models import ListLayout
from tracker.policies import Actor
from tracker.rules import layouts as rules
from tracker.rules.ledger import COLUMNS, Column

IN_A_LINE = 4  # columns whose numbers stand side by side
STEP = 10  # between two places, so that a column can be put between without counting anew
PLACE = "place_"


def batched(columns: Sequence[Column]) -> list[Sequence[Column]]:
    """The columns, so many in a line."""
    return [columns[start : start + IN_A_LINE] for start in range(0, len(columns), IN_A_LINE)]


def _place(column: Column) -> forms.IntegerField:
    return forms.IntegerField(
        label=column.heading,
        required=False,
        min_value=1,
        max_value=9999,
        help_text=gettext_lazy("Its place in the file, the smallest first; empty: left out."),
        widget=forms.NumberInput(attrs={"class": "vIntegerField", "inputmode": "numeric"}),
    )


class LayoutForm(ActionForm[ListLayout]):
    """A name, and a number for each column that the file has: the smallest stands first, equal ones as in the table."""

    places: ClassVar[dict[str, str]] = {"columns": f"{PLACE}{COLUMNS[0].field}"}

    class Meta:
        model = ListLayout
        fields = ("name", "department", "is_shared", "is_active")
        help_texts = {
            "name": gettext_lazy("People choose it by this name when they export, for example 月报用表."),
            "department": gettext_lazy("Whose layout it is. Empty: the supervision office’s, offered to everybody."),
            "is_shared": gettext_lazy("Other departments may export with it too; they cannot change it."),
            "is_active": gettext_lazy("Take the tick away, and it is offered no more."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_english = not (get_language() or "").startswith("zh")
        standing = list(self.instance.columns) or [column.field for column in COLUMNS]
        for column in COLUMNS:
            field = self.fields[f"{PLACE}{column.field}"]
            field.label = f"{column.heading} {column.name}" if is_english else column.heading
            if column.field in standing:
                field.initial = (standing.index(column.field) + 1) * STEP

    @property
    def chosen(self) -> list[str]:
        """The fields of the columns that have a place, in the order of their places."""
        said = {column.field: self.cleaned_data.get(f"{PLACE}{column.field}") for column in COLUMNS}
        return sorted((name for name, place in said.items() if place), key=lambda name: said[name] or 0)


# One number for each column; stock forms take declared fields only.
for _column in COLUMNS:
    LayoutForm.base_fields[f"{PLACE}{_column.field}"] = _place(_column)
    LayoutForm.declared_fields[f"{PLACE}{_column.field}"] = LayoutForm.base_fields[f"{PLACE}{_column.field}"]


@admin.register(ListLayout)
class ListLayoutAdmin(Acting[ListLayout]):
    viewers = access.EVERYBODY
    editors = access.DEPARTMENTS | access.KEEPERS
    form: Any = LayoutForm
    action_compares = True
    list_display = ["name", "owner_shown", "columns_shown", "is_shared", "is_active"]
    list_filter = ["is_active", "is_shared"]
    list_select_related = ["department"]
    search_fields = ["name", "department__name", "department__initials"]
    search_help_text = gettext_lazy("Words of the name or of the department, or its pinyin initials.")
    autocomplete_fields = ["department"]
    ordering = ["department__order", "name", "pk"]

    def scope(self, viewer: Actor) -> QuerySet[ListLayout]:
        return policies.layouts_visible_to(viewer)

    def has_change_permission(self, request: HttpRequest, obj: ListLayout | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or policies.can_keep_layout(access.actor_of(request), department_id=obj.department_id)

    @admin.display(description=gettext_lazy("department"), ordering="department__order")
    def owner_shown(self, row: ListLayout) -> str:
        return row.department.short_name if row.department else _("supervision office")

    @admin.display(description=gettext_lazy("columns"))
    def columns_shown(self, row: ListLayout) -> str:
        found = rules.columns(row.columns)
        count = ngettext("%(count)d column", "%(count)d columns", len(found)) % {"count": len(found)}
        return f"{count}: {'、'.join(column.heading for column in found)}"

    def get_fieldsets(self, request: HttpRequest, obj: ListLayout | None = None) -> Any:
        own = ["name", "is_shared", "is_active"] if obj else ["name", "is_shared"]
        if access.role_of(request) not in DEPARTMENT_ROLES:
            own.insert(1, "department")
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": [*own, "columns_shown"]})]
        places = {
            "classes": ["places"],
            "fields": [tuple(f"{PLACE}{column.field}" for column in row) for row in batched(COLUMNS)],
            "description": _(
                "A number says where the column stands, the smallest first; without a number it is left out. "
                "编号 and 事项 are always needed: rows are known by them. 版本 stands last where it has no number: "
                "by it a file that has grown old is known when it comes back."
            ),
        }
        return [(None, {"fields": own}), (_("Columns and their order"), places)]

    def get_readonly_fields(self, request: HttpRequest, obj: ListLayout | None = None) -> list[str]:
        return ["columns_shown", *(["department"] if obj else [])]

    def carry_out(self, request: HttpRequest, row: ListLayout, form: Any, formsets: Any, change: bool) -> ListLayout:
        actor, said = access.actor_of(request), form.cleaned_data
        values = {"name": said["name"], "columns": form.chosen, "is_shared": said["is_shared"]}
        if change:
            values["is_active"] = said["is_active"]
            return layouts.revise(row, values=values, by=actor, expected_revision=form.seen_revision)
        own = actor.user.department if actor.user and actor.role in DEPARTMENT_ROLES else said.get("department")
        return layouts.create(values.pop("name"), department=own, by=actor, **values)
