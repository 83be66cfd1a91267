"""Departments, posts and people. The supervision office and the administrators keep them; holders: `handovers`."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import password_validation, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import policies
from tracker.actions import people
from tracker.admin import access
from tracker.admin.acting import Acting, ActionForm
from tracker.choices import DepartmentKind, Role
from tracker.models import Department, Post, User
from tracker.policies import Actor
from tracker.queries import posts

SEARCH_HELP = gettext_lazy("Words of the name, the code or pinyin initials.")


@admin.register(Department)
class DepartmentAdmin(Acting[Department]):
    viewers = access.EVERYBODY
    editors = access.KEEPERS
    form: Any = ActionForm
    fields = ["code", "name", "short_name", "kind", "jurisdiction", "order", "is_active"]
    list_display = ["name", "short_name", "code", "kind", "jurisdiction", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["jurisdiction"]
    search_fields = ["name", "short_name", "code", "initials"]
    search_help_text = SEARCH_HELP
    ordering = ["order", "code"]
    help_texts = {
        "code": gettext_lazy("Short, in Latin letters, for example kjj. It stands in addresses and never changes."),
        "name": gettext_lazy("The full official name."),
        "short_name": gettext_lazy("Stands in narrow tables, for example 科技."),
        "kind": gettext_lazy("Departments are listed by kind."),
        "jurisdiction": gettext_lazy("The city, county or district that it belongs to."),
        "order": gettext_lazy("Its place in lists; a smaller number stands earlier."),
        "is_active": gettext_lazy("Untick it when the department is dissolved. It must not lead open commitments."),
    }

    def scope(self, viewer: Actor) -> QuerySet[Department]:
        return policies.departments_visible_to(viewer)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        """In the search box of a refusal every department at work: any of them may be the right owner."""
        asked = request.resolver_match.url_name if request.resolver_match else ""
        if asked == "autocomplete" and request.GET.get("field_name") == "proposed_lead" and access.role_of(request):
            return Department.objects.filter(is_active=True).order_by(*self.get_ordering(request))
        return super().get_queryset(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Department | None = None) -> list[str]:
        return ["code"] if obj else []

    def carry_out(self, request: HttpRequest, row: Department, form: Any, formsets: Any, change: bool) -> Department:
        said = form.cleaned_data
        return people.set_department(
            row.code,
            name=said["name"],
            short_name=said["short_name"],
            kind=DepartmentKind(said["kind"]),
            jurisdiction=said["jurisdiction"],
            order=said["order"],
            is_active=said["is_active"],
            by=access.actor_of(request),
        )


@admin.register(Post)
class PostAdmin(Acting[Post]):
    viewers = access.CITY
    editors = access.KEEPERS
    form: Any = ActionForm
    fields = ["code", "title", "department", "is_head", "overseen_by"]
    list_display = ["title", "department", "is_head", "overseen_by"]
    list_select_related = ["department", "overseen_by"]
    search_fields = ["title", "code", "initials", "department__name", "department__initials"]
    search_help_text = SEARCH_HELP
    autocomplete_fields = ["department", "overseen_by"]
    ordering = ["department__order", "code"]
    help_texts = {
        "code": gettext_lazy("Short, in Latin letters, for example kjj-head. It never changes."),
        "title": gettext_lazy("The name of the post, not of the person."),
        "department": gettext_lazy("The department that the post belongs to."),
        "is_head": gettext_lazy("Open commitments that the department leads are handed over with this post."),
        "overseen_by": gettext_lazy("The post of the leader in charge; reminders rise to it."),
    }

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> list[str]:
        return ["code", "people_shown"] if obj else []

    def get_fields(self, request: HttpRequest, obj: Post | None = None) -> list[Any]:
        fields = ["code", "title", "department", "is_head", "overseen_by"]
        return [*fields, "people_shown"] if obj else fields

    @admin.display(description=gettext_lazy("people"))
    def people_shown(self, post: Post) -> SafeString:
        """Who holds it, who stands in, who held it before; and the ways to change that."""
        view = posts.of_post(post, today=timezone.localdate())
        return render_to_string("admin/tracker/post/_people.html", {"view": view})

    def carry_out(self, request: HttpRequest, row: Post, form: Any, formsets: Any, change: bool) -> Post:
        said = form.cleaned_data
        return people.set_post(
            row.code,
            title=said["title"],
            department=said["department"],
            is_head=said["is_head"],
            overseen_by=said["overseen_by"],
            by=access.actor_of(request),
        )


class UserForm(ActionForm[User]):
    """A person. The password is set here only: the stored one is never shown."""

    places = {"department_needed": "department"}
    keeps_admins = False

    new_password = forms.CharField(
        label=gettext_lazy("new password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}, render_value=False),
        help_text=gettext_lazy("At least 10 characters. Leave it empty to keep the present one."),
    )

    class Meta:
        model = User
        fields = ("username", "full_name", "role", "department", "email", "is_active")
        help_texts = {
            "full_name": gettext_lazy("The person’s name as it stands on pages and papers."),
            "email": gettext_lazy("Where reminders go. Without it they stand on the desk only."),
            "username": gettext_lazy("The name to sign in with. It never changes."),
            "role": gettext_lazy("Decides what the person sees and may do."),
            "department": gettext_lazy("Officers and heads need one."),
            "is_active": gettext_lazy("Untick it to take the sign-in away. What the person wrote stays."),
        }

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        if password:
            password_validation.validate_password(password, self.instance)
        return password

    def clean_role(self) -> str:
        """Administrators are made by administrators."""
        role: str = self.cleaned_data["role"]
        if role == Role.ADMIN and not self.keeps_admins:
            raise ValidationError(_("Only an administrator makes administrators. Ask one."))
        return role


@admin.register(User)
class UserAdmin(Acting[User]):
    viewers = access.CITY
    editors = access.KEEPERS
    form = UserForm
    list_display = ["username", "full_name", "role", "department", "is_active"]
    list_filter = ["role", "is_active"]
    list_select_related = ["department"]
    search_fields = ["username", "full_name", "initials"]
    search_help_text = SEARCH_HELP
    autocomplete_fields = ["department"]
    ordering = ["username"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The supervision office keeps everybody but the administrators."""
        if obj is not None and (obj.is_superuser or obj.role == Role.ADMIN):
            return access.role_of(request) == Role.ADMIN
        return super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[Any]:
        fields = ["username", "full_name", "role", "department", "email", "is_active"]
        return [*fields, "new_password"] if self.has_change_permission(request, obj) else fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["username"] if obj else []

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.keeps_admins = access.role_of(request) == Role.ADMIN
        return form

    def carry_out(self, request: HttpRequest, row: User, form: UserForm, formsets: Any, change: bool) -> User:
        said, actor = form.cleaned_data, access.actor_of(request)
        stored = User.objects.filter(username=row.username).first()
        user = people.set_user(
            row.username,
            role=Role(said["role"]),
            full_name=said["full_name"],
            department=said["department"],
            email=said["email"],
            password=said["new_password"] or None,
            is_superuser=bool(stored and stored.is_superuser),
            by=actor,
        )
        if not said["is_active"]:
            people.deactivate_user(user, by=actor)
        if said["new_password"] and user.pk == actor.user_id:
            update_session_auth_hash(request, user)
        return user
