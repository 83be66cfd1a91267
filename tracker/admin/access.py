"""Who may open which admin page. Access comes from the role (`tracker.policies`), never from Django's permissions."""

from typing import Any, ClassVar, TypeVar

from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.forms import Field
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from projects.admin import inlines
from tracker import policies
from tracker.admin import filters
from tracker.choices import CITYWIDE_ROLES, DEPARTMENT_ROLES, STAFF_ROLES, Role
from tracker.models import User
from tracker.policies import Actor
from tracker.queries import history

Row = TypeVar("Row", bound=Model)

EVERYBODY = STAFF_ROLES
CITY = CITYWIDE_ROLES
DEPARTMENTS = DEPARTMENT_ROLES
SUPERVISION = frozenset({Role.SUPERVISOR})
# What a row may belong to, most telling first.
OWNERS = ("commitment", "post", "indicator", "initiative")
KEEPERS = frozenset({Role.SUPERVISOR, Role.ADMIN})


def actor_of(request: HttpRequest) -> Actor:
    """Who asks. Raises PermissionError for a visitor who has not signed in; admin views never see one."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionError("not signed in")
    return policies.actor_of(user, request_id=str(request.META.get("LUOSHI_REQUEST_ID", "")))


def role_of(request: HttpRequest) -> Role | None:
    """The role of a signed-in, active person; None for everybody else, which no list of roles contains."""
    user: User | AnonymousUser = request.user
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return None
    return Role(user.role) if user.role in Role.values else None


class Guarded(ModelAdmin[Row]):
    """An admin whose pages open for the roles it names and hold the rows in their sight; what is not named is closed.

    A row out of sight is answered like one that does not exist: 404. Nothing is ever deleted.
    """

    viewers: ClassVar[frozenset[Role]] = frozenset()
    editors: ClassVar[frozenset[Role]] = frozenset()
    show_full_result_count = False
    list_per_page = 50
    object_history_template = "admin/object_history.html"
    formfield_overrides = inlines.WIDGETS
    # What a person should enter, by field; it stands below the field.
    help_texts: ClassVar[inlines.HelpTexts] = {}

    def scope(self, viewer: Actor) -> QuerySet[Row]:
        """The rows in the viewer's sight: all for the city's roles, none for anyone else unless overridden."""
        rows: QuerySet[Row] = self.model._default_manager.all()
        return rows if policies.is_citywide(viewer) else rows.none()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        rows = self.scope(actor_of(request)) if role_of(request) else self.model._default_manager.none()
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return role_of(request) in self.viewers | self.editors

    def has_add_permission(self, request: HttpRequest) -> bool:
        return role_of(request) in self.editors

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return role_of(request) in self.editors

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list under its plain name, not under an order to change something; a wrong filter is told."""
        titled = {"title": self.opts.verbose_name_plural, **(extra_context or {})}
        return filters.honest(self, request, super().changelist_view(request, titled))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field | None:
        field = inlines.plain(super().formfield_for_dbfield(db_field, request, **kwargs))
        return inlines.helped(field, self.help_texts.get(db_field.name))

    def named(self, row: Row) -> str:
        """The row by a name that a person knows: rows that only number what they belong to take its name."""
        for relation in OWNERS:
            owner = getattr(row, relation, None)
            if owner is not None and str(row).startswith(f"{owner.pk}"):
                return " · ".join([str(owner), *str(row).split(" ")[1:]])
        return str(row)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Row | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context["row_name"] = self.named(obj)
            if context.get("subtitle") == str(obj):
                context["subtitle"] = context["row_name"]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def row_or_404(self, request: HttpRequest, object_id: str) -> Row:
        """The row, if the viewer may see it. Raises Http404 otherwise."""
        row = self.get_object(request, object_id) if self.has_view_permission(request) else None
        if row is None:
            raise Http404
        return row

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise Http404

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The events of one row, newest first: who, when, what, field by field, why."""
        return self.show_history(request, self.row_or_404(request, object_id))

    def show_history(self, request: HttpRequest, row: Row) -> HttpResponse:
        """The history page of a row in sight."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("What happened: %(name)s") % {"name": row},
            "opts": self.opts,
            "object": row,
            "entries": history.of(row, viewer=actor_of(request)),
            "may_see_events": role_of(request) in CITY,
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: object, object_id: str
    ) -> HttpResponseRedirect:
        raise Http404

    # The event log is the record (STYLE 24): Django's own log stays empty.
    def log_addition(self, request: HttpRequest, obj: Row, message: object) -> None:  # type: ignore[override]
        return None

    def log_change(self, request: HttpRequest, obj: Row, message: object) -> None:  # type: ignore[override]
        return None

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        return []
