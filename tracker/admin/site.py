"""The admin site: stock Django admin under our own name, with a desk as its first page and the site's own sign-in."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tracker.admin import access, desk_links
from tracker.choices import DEPARTMENT_ROLES, Role
from tracker.models import User
from tracker.queries import desk_department, desk_leader, desk_office

gettext_noop("Error:")  # stands in Django's own pages, and its Chinese catalogue lacks it

# The order of the lists on the desk: daily work first, then the catalogue, people, the records of the machine.
ORDER = (
    "Commitment", "ProgressReport", "Contribution", "ExtensionRequest", "Blocker", "Instruction", "Slip", "Evidence",
    "Verification", "Lookback", "Plan", "Clause", "Initiative", "Indicator", "Reading", "ParkDetails",
    "TalentProgrammeDetails", "Department", "Post", "PostHolding", "Deputy", "User", "Event", "Reminder", "Message",
    "LedgerImport", "DepartmentAlias", "HeadingWord", "ListLayout", "ReminderRule", "HealthRuleSet", "DayOverride",
    "Channel", "Subscription",
    "Delivery", "SiteSettings", "SweepRun",
)  # fmt: skip


class LuoshiAdminSite(AdminSite):
    site_header = _("Luoshi")
    site_title = _("Luoshi")
    index_title = _("My desk")
    enable_nav_sidebar = False
    empty_value_display = "—"

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Take in guarded admins only. Those of other packages rest on Django's permissions, which nobody has here."""
        if admin_class is not None and issubclass(admin_class, access.Guarded):
            super().register(model_or_iterable, admin_class, **options)
            return
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label in {"tracker", "projects"}]
        if ours:
            raise TypeError(f"{ours[0].__name__} needs an admin that extends tracker.admin.access.Guarded")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One sign-in for the whole site: hand over to it, and come back to the page that was asked for."""
        index = reverse("admin:index", current_app=self.name)
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(index)
        return redirect_to_login(request.GET.get("next") or index, resolve_url(settings.LOGIN_URL))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The desk: what is asked of this person today, then the lists that the role may open."""
        return super().index(request, {**_desk(request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The lists in the order of ORDER, and without the app labels that mean nothing to people."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda entry: _place(entry["object_name"]))
        return sorted(apps, key=lambda app: min((_place(entry["object_name"]) for entry in app["models"]), default=99))


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _desk(request: HttpRequest) -> dict[str, Any]:
    user, role = request.user, access.role_of(request)
    if not isinstance(user, User) or role is None:
        return {}
    actor, today = access.actor_of(request), timezone.localdate()
    context: dict[str, Any] = {"role": role, "today": today, "title": None, "person": user}
    if role in DEPARTMENT_ROLES:
        work = desk_department.of_department(actor, today=today)
        where = desk_links.of_department(work, user.department, today=today)
        return context | {"audience": "department", "desk": work, "where": where}
    if role == Role.SUPERVISOR:
        office, where = desk_office.of_office(actor, today=today), desk_links.of_office(today=today)
        return context | {"audience": "office", "desk": office, "where": where}
    if role == Role.LEADER:
        own = desk_leader.of_leader(actor, today=today)
        where = desk_links.of_leader(own, leader_id=user.pk)
        return context | {"audience": "leader", "desk": own, "where": where}
    return context | {"audience": "keeper"}
