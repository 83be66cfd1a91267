"""A site of its own, so that the ledger's face is tested without the rest of the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import include, path

from tracker import policies
from tracker.admin.site import LuoshiAdminSite
from tracker.ledger.admin import LedgerAdminMixin
from tracker.models import Commitment


class LedgerAdmin(LedgerAdminMixin, admin.ModelAdmin):
    list_display = ["code", "title"]
    list_filter = ["kind"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commitment]:
        return policies.visible_to(policies.actor_of(request.user))  # type: ignore[arg-type]  # signed in by the admin

    def has_view_permission(self, request: HttpRequest, obj: Commitment | None = None) -> bool:
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True


site = LuoshiAdminSite()
site.register(Commitment, LedgerAdmin)
urlpatterns = [path("admin/", site.urls), path("i18n/", include("django.conf.urls.i18n")), path("", include("tracker.web.urls"))]
