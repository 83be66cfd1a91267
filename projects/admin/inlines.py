"""Inlines that follow the page they stand on. No roles here: the page's own admin knows who may do what."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Model
from django.forms import DateInput, Field, Textarea
from django.http import HttpRequest
from django.utils.functional import Promise

Row = TypeVar("Row", bound=Model)
Parent = TypeVar("Parent", bound=Model)
HelpTexts = Mapping[str, str | Promise]


class DayInput(DateInput):
    """A day, entered with the browser's own calendar: good on a phone, and in the reader's language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "short", **(attrs or {})}, format="%Y-%m-%d")


# Low text boxes, the browser's calendar.
WIDGETS: dict[Any, dict[str, Any]] = {
    models.DateField: {"widget": DayInput},
    models.TextField: {"widget": Textarea(attrs={"rows": 3, "class": "vLargeTextField"})},
}


def plain(field: Field | None) -> Field | None:
    """A field without Django's three signs beside it: what is chosen here is kept on its own page."""
    if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
        wrapper = field.widget
        wrapper.can_add_related = wrapper.can_change_related = False
        wrapper.can_delete_related = wrapper.can_view_related = False
    return field


def helped(field: Field | None, text: str | Promise | None) -> Field | None:
    """A field with this sentence below it, where there is one."""
    if field is not None and text:
        field.help_text = text  # type: ignore[assignment]  # a lazy sentence is as good as a string
    return field


class FollowsParent(InlineModelAdmin[Row, Parent]):
    """Seen and changed by whoever may see and change its parent; nothing is deleted."""

    extra = 0
    can_delete = False
    formfield_overrides = WIDGETS
    # What a person should enter, by field; it stands below the field.
    help_texts: ClassVar[HelpTexts] = {}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field | None:
        field = plain(super().formfield_for_dbfield(db_field, request, **kwargs))
        return helped(field, self.help_texts.get(db_field.name))

    def _parent(self) -> ModelAdmin[Parent]:
        admin: ModelAdmin[Parent] = self.admin_site.get_model_admin(self.parent_model)
        return admin

    def has_view_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        return self._parent().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        parent = self._parent()
        return parent.has_add_permission(request) if obj is None else parent.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        return False
