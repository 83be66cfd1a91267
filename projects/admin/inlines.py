"""Inlines that follow the page they stand on. No roles here: the page's own admin knows who may do what."""

from typing import TypeVar

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Model
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)
Parent = TypeVar("Parent", bound=Model)


class FollowsParent(InlineModelAdmin[Row, Parent]):
    """Seen and changed by whoever may see and change its parent; nothing is deleted."""

    extra = 0
    can_delete = False

    def _parent(self) -> ModelAdmin[Parent]:
        admin: ModelAdmin[Parent] = self.admin_site.get_model_admin(self.parent_model)
        return admin

    def has_view_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:  # type: ignore[override]  # Django passes the parent
        return self._parent().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        parent = self._parent()
        return parent.has_add_permission(request) if obj is None else parent.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:  # type: ignore[override]  # Django passes the parent
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:  # type: ignore[override]  # Django passes the parent
        return False
