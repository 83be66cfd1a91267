"""Departments, posts, their holders, and people. The supervision office and the administrators keep them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import password_validation, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import policies
from tracker.actions import people
from tracker.admin import access
from tracker.admin.acting import Acting, ActionForm
from tracker.choices import DepartmentKind, Role
from tracker.models import Department, Post, PostHolding, User
from tracker.policies import Actor


@admin.register(Department)
class DepartmentAdmin(Acting[Department]):
    viewers = access.EVERYBODY
    editors = access.KEEPERS
    form: Any = ActionForm
    fields = ["code", "name", "short_name", "kind", "jurisdiction", "order"]
    list_display = ["name", "short_name", "code", "kind", "jurisdiction"]
    list_filter = ["kind"]
    list_select_related = ["jurisdiction"]
    search_fields = ["name", "short_name", "code"]
    ordering = ["order", "code"]

    def scope(self, viewer: Actor) -> QuerySet[Department]:
        return policies.departments_visible_to(viewer)

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
    search_fields = ["title", "code", "department__name"]
    autocomplete_fields = ["department", "overseen_by"]
    ordering = ["department__order", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> list[str]:
        return ["code"] if obj else []

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


class HandoverForm(ActionForm[PostHolding]):
    """A hand-over: the present holder's time ends by itself the day before."""

    places = {"on": "starts_on"}

    class Meta:
        model = PostHolding
        fields = ("post", "holder", "starts_on")
        help_texts = {"starts_on": gettext_lazy("The present holder’s time ends the day before.")}

    def _get_validation_exclusions(self) -> set[str]:
        """The action ends the present holding first, so the one-holder constraint is not asked beforehand."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own hook, unknown to the stubs
        return excluded | {"post", "ends_on"}


@admin.register(PostHolding)
class PostHoldingAdmin(Acting[PostHolding]):
    """Holdings are history: a new one is a hand-over, an old one is never edited."""

    viewers = access.CITY
    editors = access.KEEPERS
    form = HandoverForm
    fields = ["post", "holder", "starts_on"]
    list_display = ["post", "holder", "starts_on", "ends_on"]
    list_select_related = ["post__department", "holder"]
    search_fields = ["post__title", "holder__full_name", "holder__username"]
    autocomplete_fields = ["post", "holder"]
    ordering = ["post", "-starts_on"]

    def has_change_permission(self, request: HttpRequest, obj: PostHolding | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: PostHolding | None = None) -> list[Any]:
        return ["post", "holder", "starts_on", "ends_on"] if obj else ["post", "holder", "starts_on"]

    def carry_out(self, request: HttpRequest, row: PostHolding, form: Any, formsets: Any, change: bool) -> PostHolding:
        said = form.cleaned_data
        return people.hand_over(said["post"], to=said["holder"], on=said["starts_on"], by=access.actor_of(request))


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
    search_fields = ["username", "full_name"]
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
