"""Channels: where messages go, tested and switched. What is secret is entered here and never shown again."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.errors import DomainError
from tracker import policies
from tracker.actions import channels, vault
from tracker.admin import access
from tracker.admin.acting import Acting, ActionForm
from tracker.choices import ROBOT_KINDS, ChannelKind, Role
from tracker.delivery import trial
from tracker.models import Channel
from tracker.queries import channels as queries
from tracker.rules.channels import FROM_ENVIRONMENT

# Never a password box that the browser fills with somebody's own password.
UNKEPT = {"autocomplete": "new-password", "class": "vTextField", "spellcheck": "false"}


class ChannelForm(ActionForm[Channel]):
    """A channel. Address and secret can be written and removed here, never read. `shown`: the fields of this page."""

    shown: ClassVar[frozenset[str]] = frozenset()

    places = {
        "robot_needs_department": "department",
        "address": "new_address",
        "secret": "new_secret",
    }

    new_address = forms.CharField(
        label=gettext_lazy("address"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={**UNKEPT, "autocomplete": "off"}),
    )
    clear_address = forms.BooleanField(
        label=gettext_lazy("remove the address"),
        required=False,
        help_text=gettext_lazy("Only while the channel is switched off."),
    )
    new_secret = forms.CharField(
        label=gettext_lazy("secret"),
        required=False,
        strip=False,
        max_length=400,
        widget=forms.PasswordInput(attrs=UNKEPT, render_value=False),
    )
    clear_secret = forms.BooleanField(
        label=gettext_lazy("remove the secret"),
        required=False,
        help_text=gettext_lazy("Messages then go out unsigned; a webhook cannot be switched on without one."),
    )
    server = forms.CharField(
        label=gettext_lazy("server of your own"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField", "inputmode": "url"}),
        help_text=gettext_lazy("Only for a robot on a private server, for example https://im.example.org."),
    )
    reason = forms.CharField(
        label=gettext_lazy("reason for the change"),
        required=False,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("Owed while the channel is on and its messages will go elsewhere."),
    )

    class Meta:
        model = Channel
        fields = ("code", "name", "kind", "department", "is_default", "server")
        help_texts = {
            "code": gettext_lazy("Short, in Latin letters, for example wecom-kjj. It never changes."),
            "name": gettext_lazy("People choose the channel by this name."),
            "kind": gettext_lazy("It never changes. E-mail stands in the list already."),
            "department": gettext_lazy(
                "A robot speaks to the group of this department. A webhook without one is for all."
            ),
            "is_default": gettext_lazy("Whoever chose nothing else is reached by it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.declared_fields.keys() - self.shown - {"seen"}:
            self.fields.pop(name, None)
        kind = self.fields.get("kind")
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [(value, label) for value, label in ChannelKind.choices if value != ChannelKind.EMAIL]
        for name, help_text in (("address", _address_help(self.instance)), ("secret", _secret_help(self.instance))):
            if f"new_{name}" in self.fields:
                self.fields[f"new_{name}"].help_text = f"{help_text} {kept(getattr(self.instance, name))}".strip()

    def wanted(self) -> dict[str, object]:
        """What the form says, as the action takes it; an empty secret is kept, a ticked box removes it."""
        said = self.cleaned_data
        values: dict[str, object] = {
            name: said[name] for name in ("name", "department", "is_default", "server") if name in said
        }
        for name in ("address", "secret"):
            if said.get(f"new_{name}"):
                values[name] = said[f"new_{name}"]
            elif said.get(f"clear_{name}"):
                values[name] = ""
        return values


class SwitchForm(forms.Form):
    """Why a channel is switched off."""

    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Stands in the history of the channel."),
    )


class DoubtForm(forms.Form):
    """A channel whose last test failed is switched on knowingly; the page says above it what the test found."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("Switch it on although the last test failed"),
        error_messages={
            "required": gettext_lazy("Send another test first, or tick that it is to be switched on all the same.")
        },
    )


def _address_help(row: Channel) -> str:
    if row.kind == ChannelKind.WEBHOOK:
        return _("The https address of your relay, or env:LUOSHI_CHANNEL_… to read it from the environment.")
    if row.kind in ROBOT_KINDS:
        return _("The whole address that the app shows for the robot, or only its key, or env:LUOSHI_CHANNEL_….")
    return _("The robot’s address as the app shows it; the https address of a relay; or env:LUOSHI_CHANNEL_….")


def _secret_help(row: Channel) -> str:
    if row.kind == ChannelKind.WEBHOOK:
        return _("Signs every message. At least 16 characters; the relay keeps the same.")
    return _("Only if the robot was set up with a signature; a webhook always has one, of at least 16 characters.")


def kept(stored: str) -> str:
    """What is said of an address or secret that is there already."""
    if not stored:
        return ""
    if stored.startswith(FROM_ENVIRONMENT):
        return _("Now read from %(name)s. Leave it empty to keep that.") % {"name": stored[len(FROM_ENVIRONMENT) :]}
    at = vault.sealed_at(stored)
    if at is None:
        return _("What is stored cannot be read any more. Enter it again.")
    return _("Stored on %(day)s. Leave it empty to keep it.") % {"day": moment(at)}


def moment(at: Any) -> str:
    return formats.date_format(timezone.localtime(at), "Y-m-d H:i")


class ChannelPages(Acting[Channel]):
    """Adds `<id>/test/` and `<id>/switch/`."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:object_id>/test/", wrap(self.test_view), name="tracker_channel_test"),
            path("<int:object_id>/switch/", wrap(self.switch_view), name="tracker_channel_switch"),
            *super().get_urls(),
        ]

    def test_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """POST sends one real message to whoever asks, in no transaction; the page then says what became of it."""
        row = self.row_or_404(request, str(object_id))
        actor, now = access.actor_of(request), timezone.now()
        if request.method == "POST" and actor.user is not None:
            error = trial.send(row, actor.user, now=now)
            channels.record_test(row, error=error, by=actor, now=now)
            if error:
                self.message_user(request, _("The test did not go out. %(why)s") % {"why": error}, messages.ERROR)
            elif row.kind == ChannelKind.EMAIL and queries.only_writes_letters():
                text = _(
                    "The test was written into %(folder)s on the server and sent to nobody: no mail server is set."
                )
                self.message_user(request, text % {"folder": settings.EMAIL_FILE_PATH}, messages.WARNING)
            else:
                self.message_user(request, _("The test went out. Look whether it arrived."), messages.SUCCESS)
        return HttpResponseRedirect(_page_of(row))

    def switch_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """GET asks, POST switches to the other state."""
        row = self.row_or_404(request, str(object_id))
        form = _switch_form(request, row)
        refusal = ""
        if request.method == "POST" and (form is None or form.is_valid()):
            said = form.cleaned_data if form else {}
            actor, reason, despite = access.actor_of(request), said.get("reason", ""), said.get("confirmed", False)
            try:
                row = channels.switch(row, on=not row.is_active, reason=reason, despite_test=despite, by=actor)
            except DomainError as error:
                refusal = str(error)
            else:
                done = _("Switched on.") if row.is_active else _("Switched off. Reminders stand in the inbox.")
                self.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(_page_of(row))
        lacking = "" if row.is_active else queries.missing_for(row)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": (_("Switch off: %(name)s") if row.is_active else _("Switch on: %(name)s")) % {"name": row},
            "opts": self.opts,
            "original": row,
            "form": form,
            "refusal": refusal or (str(DomainError(lacking)) if lacking else ""),
            "waiting": queries.waiting(row),
        }
        return TemplateResponse(request, "admin/tracker/channel/switch.html", context)


def _switch_form(request: HttpRequest, row: Channel) -> SwitchForm | DoubtForm | None:
    """What has to be said: why it is switched off, or that a failed test is known. None: nothing."""
    posted = request.POST if request.method == "POST" else None
    if row.is_active:
        return SwitchForm(posted)
    return DoubtForm(posted) if row.test_error else None


def _page_of(row: Channel) -> str:
    return reverse("admin:tracker_channel_change", args=[row.pk])


@admin.register(Channel)
class ChannelAdmin(ChannelPages):
    viewers = access.KEEPERS
    editors = access.KEEPERS
    form: Any = ChannelForm
    action_compares = True
    list_display = ["name", "kind", "department_shown", "state_shown", "sent_shown", "test_shown"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["department"]
    search_fields = ["name", "code", "department__name", "department__initials"]
    search_help_text = gettext_lazy("Words of the name, the code or the department, or its pinyin initials.")
    autocomplete_fields = ["department"]
    ordering = ["code"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Where the site posts to is the administrators' matter, and a channel without an address is none."""
        return access.role_of(request) == Role.ADMIN

    # --- The list

    @admin.display(description=gettext_lazy("department"), ordering="department__order")
    def department_shown(self, row: Channel) -> str:
        return row.department.short_name if row.department else _("everybody")

    @admin.display(description=gettext_lazy("state"), ordering="is_active")
    def state_shown(self, row: Channel) -> str:
        if not row.is_active:
            return _("switched off")
        if row.failures:
            said = ngettext("on, %(count)d failure in a row", "on, %(count)d failures in a row", row.failures)
            return said % {"count": row.failures}
        return _("switched on")

    @admin.display(description=gettext_lazy("last message sent"), ordering="last_ok_at")
    def sent_shown(self, row: Channel) -> str:
        return _("sent %(at)s") % {"at": moment(row.last_ok_at)} if row.last_ok_at else _("nothing sent yet")

    @admin.display(description=gettext_lazy("test"), ordering="tested_at")
    def test_shown(self, row: Channel) -> str:
        if row.tested_at is None:
            return _("not tested")
        if row.test_error:
            return _("%(at)s: failed. %(why)s") % {"at": moment(row.tested_at), "why": row.test_error}
        return _("%(at)s: went out") % {"at": moment(row.tested_at)}

    @admin.display(description=gettext_lazy("last error"))
    def error_shown(self, row: Channel) -> str:
        if row.last_error_at is None:
            return "—"
        return _("%(at)s: %(what)s") % {"at": moment(row.last_error_at), "what": row.last_error}

    # --- The form

    def get_fieldsets(self, request: HttpRequest, obj: Channel | None = None) -> Any:
        is_letters = obj is not None and obj.kind == ChannelKind.EMAIL
        sets: list[Any] = [(None, {"fields": ["code", "name", "kind", "is_default"]})]
        if not is_letters:
            sets[0][1]["fields"].insert(3, "department")
            sets.append((_("Where it goes"), {"fields": self._addressed(request, obj)}))
        if obj is not None:
            stands = ["state_shown", "sent_shown", "retry_at", "error_shown", "test_shown"]
            sets.append((_("How it stands"), {"fields": stands}))
            sets.append((None, {"fields": ["reason"]}))
        return sets

    def _addressed(self, request: HttpRequest, obj: Channel | None) -> list[str]:
        """What can be said of where messages go: by an administrator, and as far as the kind knows it."""
        if not policies.can_set_addresses(access.actor_of(request)):
            return ["address_shown", "secret_shown", "server"]
        names = ["new_address", "clear_address", "new_secret", "clear_secret", "server"]
        if obj is None:
            return [name for name in names if not name.startswith("clear_")]
        unknown = {"server"} if obj.kind == ChannelKind.WEBHOOK else set()
        if obj.kind == ChannelKind.WECOM:
            unknown = {"new_secret", "clear_secret"}
        stored = {f"clear_{name}" for name in ("address", "secret") if not getattr(obj, name)}
        return [name for name in names if name not in unknown | stored]

    @admin.display(description=gettext_lazy("address"))
    def address_shown(self, row: Channel) -> str:
        return _kept_by(row.address)

    @admin.display(description=gettext_lazy("secret"))
    def secret_shown(self, row: Channel) -> str:
        return _kept_by(row.secret)

    def get_form(self, request: HttpRequest, obj: Channel | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.shown = frozenset(flatten_fieldsets(self.get_fieldsets(request, obj)))
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> list[str]:
        shown = ["state_shown", "sent_shown", "retry_at", "error_shown", "test_shown"]
        if not policies.can_set_addresses(access.actor_of(request)):
            shown += ["address_shown", "secret_shown", "server"]
        return ["code", "kind", *shown] if obj else shown

    def carry_out(self, request: HttpRequest, row: Channel, form: Any, formsets: Any, change: bool) -> Channel:
        actor, wanted = access.actor_of(request), form.wanted()
        if change:
            return channels.revise(
                row, values=wanted, reason=form.cleaned_data["reason"], by=actor, expected_revision=form.seen_revision
            )
        return channels.create(row.code, kind=ChannelKind(row.kind), by=actor, **wanted)

    def response_add(self, request: HttpRequest, obj: Channel, post_url_continue: str | None = None) -> HttpResponse:
        """To its page, where it is tested and switched on."""
        said = _("Made. It is off: send yourself a test, then switch it on.")
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(_page_of(obj))

    def response_change(self, request: HttpRequest, obj: Channel) -> HttpResponse:
        self.message_user(request, _("Saved."), messages.SUCCESS)
        return HttpResponseRedirect(_page_of(obj))


def _kept_by(stored: str) -> str:
    """What somebody reads who may not change it."""
    if stored.startswith(FROM_ENVIRONMENT):
        return _("read from %(name)s") % {"name": stored[len(FROM_ENVIRONMENT) :]}
    return _("stored") if stored else "—"
