"""Subscriptions: whom the site tells of what happens. What is secret is entered here and never shown again."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.errors import DomainError
from tracker import policies
from tracker.actions import subscriptions, telling, vault
from tracker.admin import access
from tracker.admin.acting import Acting, ActionForm
from tracker.admin.channels import UNKEPT, kept, moment
from tracker.choices import Role
from tracker.delivery import subscribers
from tracker.models import Subscription
from tracker.queries import subscriptions as queries
from tracker.rules.subscriptions import LONGEST_OVERLAP

DEFAULT_OVERLAP = 24


class SubscriptionForm(ActionForm[Subscription]):
    """A subscription. `shown`: the fields of this page."""

    shown: ClassVar[frozenset[str]] = frozenset()
    places = {"wants_nothing": "wants_changes", "address": "new_address", "secret": "new_secret"}

    new_address = forms.CharField(
        label=gettext_lazy("address"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={**UNKEPT, "autocomplete": "off"}),
    )
    new_secret = forms.CharField(
        label=gettext_lazy("secret"),
        required=False,
        strip=False,
        max_length=400,
        widget=forms.PasswordInput(attrs=UNKEPT, render_value=False),
        help_text=gettext_lazy("Signs everything that is told. At least 16 characters; the platform keeps the same."),
    )
    reason = forms.CharField(
        label=gettext_lazy("reason for the change"),
        required=False,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("Owed while it is on and will tell of something else, or elsewhere."),
    )

    class Meta:
        model = Subscription
        fields = ("code", "name", "wants_changes", "wants_reports", "wants_lights", "plan", "department")
        help_texts = {
            "code": gettext_lazy("Short, in Latin letters, for example sichuan-duban. It never changes."),
            "name": gettext_lazy("The platform that is told, and who runs it."),
            "wants_changes": gettext_lazy(
                "Registered, corrected, moved to another stage or date, milestones, targets."
            ),
            "wants_reports": gettext_lazy("A report counts from the moment the supervision office accepts it."),
            "wants_lights": gettext_lazy("Each change of a light, with the light before."),
            "plan": gettext_lazy("Leave it empty to tell of every plan."),
            "department": gettext_lazy("Only what this department leads or joins. Leave it empty to tell of all."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.declared_fields.keys() - self.shown - {"seen"}:
            self.fields.pop(name, None)
        if "new_address" in self.fields:
            said = _("The https address of the platform, or env:LUOSHI_CHANNEL_… to read it from the environment.")
            self.fields["new_address"].help_text = f"{said} {kept(self.instance.address)}".strip()

    def wanted(self) -> dict[str, object]:
        """What the form says, as the action takes it; an empty address is kept."""
        said = self.cleaned_data
        values = {name: said[name] for name in subscriptions.EDITABLE - {"address"} if name in said}
        return values | ({"address": said["new_address"]} if said.get("new_address") else {})


class SwitchForm(forms.Form):
    """Why a subscription is switched off."""

    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Stands in the history of the subscription."),
    )


class RotateForm(forms.Form):
    """Another secret, and for how long the former one signs too."""

    secret = forms.CharField(
        label=gettext_lazy("new secret"),
        strip=False,
        max_length=400,
        widget=forms.PasswordInput(attrs=UNKEPT, render_value=False),
        help_text=gettext_lazy("At least 16 characters. It is never shown again: hand it over before you leave."),
    )
    overlap = forms.IntegerField(
        label=gettext_lazy("hours for which the former secret signs too"),
        initial=DEFAULT_OVERLAP,
        min_value=0,
        max_value=LONGEST_OVERLAP,
        widget=forms.NumberInput(attrs={"class": "vIntegerField", "inputmode": "numeric"}),
        help_text=gettext_lazy("0: the former one ends at once, for example because it leaked."),
    )


class SubscriptionPages(Acting[Subscription]):
    """Adds `<id>/test/`, `<id>/switch/`, `<id>/secret/` and `<id>/retry/`."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:object_id>/test/", wrap(self.test_view), name="tracker_subscription_test"),
            path("<int:object_id>/switch/", wrap(self.switch_view), name="tracker_subscription_switch"),
            path("<int:object_id>/secret/", wrap(self.secret_view), name="tracker_subscription_secret"),
            path("<int:object_id>/retry/", wrap(self.retry_view), name="tracker_subscription_retry"),
            *super().get_urls(),
        ]

    def test_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """POST sends one real message that tells nothing, in no transaction; the page says what became of it."""
        row = self._row_to_act_on(request, object_id)
        if request.method == "POST":
            now = timezone.now()
            error = subscribers.test(row, now=now)
            subscriptions.record_test(row, error=error, by=access.actor_of(request), now=now)
            if error:
                self.message_user(request, _("The test was not taken. %(why)s") % {"why": error}, messages.ERROR)
            else:
                self.message_user(
                    request, _("The test was taken. Ask the platform whether it holds."), messages.SUCCESS
                )
        return HttpResponseRedirect(_page_of(row))

    def switch_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """GET asks, POST switches to the other state."""
        row = self._row_to_act_on(request, object_id)
        form = SwitchForm(request.POST or None) if row.is_active else None
        refusal = ""
        if request.method == "POST" and (form is None or form.is_valid()):
            reason = form.cleaned_data["reason"] if form else ""
            actor, now = access.actor_of(request), timezone.now()
            try:
                row = subscriptions.switch(row, on=not row.is_active, reason=reason, by=actor, now=now)
            except DomainError as error:
                refusal = str(error)
            else:
                said = _("Switched on.") if row.is_active else _("Switched off. Nothing is told any more.")
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(_page_of(row))
        lacking = "" if row.is_active else queries.missing_for(row)
        title = _("Switch off: %(name)s") if row.is_active else _("Switch on: %(name)s")
        return self._page(
            request, row, "switch", title=title % {"name": row}, form=form, waiting=queries.waiting(row),
            refusal=refusal or (str(DomainError(lacking)) if lacking else ""),
        )  # fmt: skip

    def secret_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """GET asks, POST puts the new secret in force."""
        row = self._row_to_act_on(request, object_id)
        form = RotateForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            said, actor = form.cleaned_data, access.actor_of(request)
            try:
                row = subscriptions.rotate(
                    row, secret=said["secret"], overlap=said["overlap"], by=actor, now=timezone.now()
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                self.message_user(request, _("The new secret is in force."), messages.SUCCESS)
                return HttpResponseRedirect(_page_of(row))
        title = _("Change the secret: %(name)s") % {"name": row}
        return self._page(request, row, "secret", title=title, form=form, refusal="")

    def retry_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """POST lets everything that was given up be tried again; the supervision office may, too."""
        row = self.row_or_404(request, str(object_id))
        if request.method == "POST":
            count = telling.retry(queries.given_up(row), by=access.actor_of(request), now=timezone.now())
            said = ngettext(
                "%(count)d delivery is tried again within minutes.",
                "%(count)d deliveries are tried again within minutes.",
                count,
            )
            self.message_user(request, said % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(_page_of(row))

    def _row_to_act_on(self, request: HttpRequest, object_id: int) -> Subscription:
        """The row; for whoever may only read it, it does not exist here. Raises Http404."""
        if not self.has_change_permission(request):
            return self.row_or_404(request, "0")
        return self.row_or_404(request, str(object_id))

    def _page(self, request: HttpRequest, row: Subscription, name: str, **shown: object) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": row, **shown}
        return TemplateResponse(request, f"admin/tracker/subscription/{name}.html", context)


def _page_of(row: Subscription) -> str:
    return reverse("admin:tracker_subscription_change", args=[row.pk])


@admin.register(Subscription)
class SubscriptionAdmin(SubscriptionPages):
    """Kept by the administrators; the supervision office reads it."""

    viewers = access.KEEPERS
    editors = frozenset({Role.ADMIN})
    form: Any = SubscriptionForm
    action_compares = True
    list_display = ["name", "scope_shown", "state_shown", "told_shown", "test_shown"]
    list_filter = ["is_active"]
    list_select_related = ["department", "plan", "owner"]
    search_fields = ["name", "code"]
    search_help_text = gettext_lazy("Words of the name or the code.")
    autocomplete_fields = ["department", "plan"]
    ordering = ["code"]

    @admin.display(description=gettext_lazy("tells of"))
    def scope_shown(self, row: Subscription) -> str:
        plan = row.plan.short_title if row.plan else _("every plan")
        return f"{plan} · {row.department.short_name if row.department else _('every department')}"

    @admin.display(description=gettext_lazy("state"), ordering="is_active")
    def state_shown(self, row: Subscription) -> str:
        if not row.is_active:
            return _("switched off")
        if policies.reader_of(row) is None:
            return _("on, but %(name)s may no longer answer for it: nothing is told") % {"name": row.owner}
        if row.failures:
            said = ngettext("on, %(count)d failure in a row", "on, %(count)d failures in a row", row.failures)
            return said % {"count": row.failures}
        return _("switched on")

    @admin.display(description=gettext_lazy("last told"), ordering="last_ok_at")
    def told_shown(self, row: Subscription) -> str:
        return moment(row.last_ok_at) if row.last_ok_at else _("nothing told yet")

    @admin.display(description=gettext_lazy("test"), ordering="tested_at")
    def test_shown(self, row: Subscription) -> str:
        if row.tested_at is None:
            return _("not tested")
        if row.test_error:
            return _("%(at)s: failed. %(why)s") % {"at": moment(row.tested_at), "why": row.test_error}
        return _("%(at)s: was taken") % {"at": moment(row.tested_at)}

    @admin.display(description=gettext_lazy("last error"))
    def error_shown(self, row: Subscription) -> str:
        if row.last_error_at is None:
            return "—"
        return _("%(at)s: %(what)s") % {"at": moment(row.last_error_at), "what": row.last_error}

    @admin.display(description=gettext_lazy("secret"))
    def secret_shown(self, row: Subscription) -> str:
        at = vault.sealed_at(row.secret)
        said = _("stored on %(day)s") % {"day": moment(at)} if at else _("stored") if row.secret else _("none")
        if row.former_until is not None and row.former_until > timezone.now():
            return _("%(secret)s; the former one signs until %(at)s") % {"secret": said, "at": moment(row.former_until)}
        return said

    @admin.display(description=gettext_lazy("address"))
    def address_shown(self, row: Subscription) -> str:
        return _("stored") if row.address else _("none")

    def get_fieldsets(self, request: HttpRequest, obj: Subscription | None = None) -> Any:
        told = ["wants_changes", "wants_reports", "wants_lights", "plan", "department"]
        where = ["new_address", "new_secret"]
        if obj is not None:
            where = ["new_address" if self.has_change_permission(request) else "address_shown", "secret_shown"]
        sets: list[Any] = [
            (None, {"fields": ["code", "name"]}),
            (_("What is told"), {"fields": told}),
            (_("Where to"), {"fields": where}),
        ]
        if obj is not None:
            sets.append((_("How it stands"), {"fields": self._standing()}))
            if self.has_change_permission(request):
                sets.append((None, {"fields": ["reason"]}))
        return sets

    def _standing(self) -> list[str]:
        return ["state_shown", "owner", "told_shown", "retry_at", "error_shown", "test_shown"]

    def get_form(
        self, request: HttpRequest, obj: Subscription | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.shown = frozenset(flatten_fieldsets(self.get_fieldsets(request, obj)))
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Subscription | None = None) -> list[str]:
        shown = [*self._standing(), "secret_shown", "address_shown"]
        return ["code", *shown] if obj else shown

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.row_or_404(request, object_id)
        context = {
            "may_change": self.has_change_permission(request),
            "given_up": queries.given_up(row).count(),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def carry_out(
        self, request: HttpRequest, row: Subscription, form: Any, formsets: Any, change: bool
    ) -> Subscription:
        actor, wanted = access.actor_of(request), form.wanted()
        if not change:
            return subscriptions.create(row.code, values=wanted, secret=form.cleaned_data["new_secret"], by=actor)
        return subscriptions.revise(
            row, values=wanted, reason=form.cleaned_data["reason"], by=actor, expected_revision=form.seen_revision
        )

    def response_add(
        self, request: HttpRequest, obj: Subscription, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To its page, where it is tested and switched on."""
        self.message_user(request, _("Made. It is off: send a test, then switch it on."), messages.SUCCESS)
        return HttpResponseRedirect(_page_of(obj))

    def response_change(self, request: HttpRequest, obj: Subscription) -> HttpResponse:
        self.message_user(request, _("Saved."), messages.SUCCESS)
        return HttpResponseRedirect(_page_of(obj))
