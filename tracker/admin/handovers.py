"""Who holds a post: hand-overs with their lists, and who stands in while a holder is away."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.errors import DomainError
from tracker.actions import handovers, people
from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.admin.acting import Acting, ActionForm
from tracker.choices import HandoverKind
from tracker.models import Deputy, PostHolding
from tracker.policies import Actor
from tracker.queries import handovers as reads


class HandoverForm(ActionForm[PostHolding]):
    """A hand-over: the present holder's time ends by itself the day before."""

    places = {"on": "starts_on", "to": "holder"}

    class Meta:
        model = PostHolding
        fields = ("post", "holder", "starts_on")
        help_texts = {
            "post": gettext_lazy("What lies open with it is written down as the new holder’s list."),
            "holder": gettext_lazy("The new holder. Everything open follows the post by itself."),
            "starts_on": gettext_lazy("The present holder’s time ends the day before."),
        }

    def _get_validation_exclusions(self) -> set[str]:
        """The action ends the present holding first, so the one-holder constraint is not asked beforehand."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own hook, unknown to the stubs
        return excluded | {"post", "ends_on"}


class HandoverPages(Guarded[PostHolding]):
    """Adds `<id>/handover/`: the list of what lay open, to read, to print, and for the new holder to confirm."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.handover_view)
        return [path("<int:object_id>/handover/", view, name="tracker_postholding_handover"), *super().get_urls()]

    def handover_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """GET shows, POST confirms. For the city's roles, both holders and who stands in for the new one."""
        actor, today = access.actor_of(request), timezone.localdate()
        holding = reads.readable(actor, today=today).filter(pk=object_id).first() if access.role_of(request) else None
        if holding is None:
            raise Http404
        if request.method == "POST":
            try:
                handovers.receive_handover(holding, by=actor, today=today)
            except DomainError as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.message_user(request, _("Received. These matters are with you now."), messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Hand-over: %(post)s") % {"post": holding.post},
            "opts": self.opts,
            "holding": holding,
            "before": reads.before(holding),
            "groups": _groups(holding, viewer=actor),
            "may_receive": handovers.may_receive(actor, holding, today=today),
            "may_list": self.has_view_permission(request),
        }
        return TemplateResponse(request, "admin/tracker/postholding/handover.html", context)


def _groups(holding: PostHolding, *, viewer: Actor) -> list[dict[str, Any]]:
    """The lines by kind, each with its words and, where the matter is in the reader's sight, its address."""
    lines = reads.lines(holding, viewer=viewer)
    return [
        {
            "title": kind.label,
            "rows": [{"line": line.row, "note": line.note, "is_seen": line.is_seen} for line in found],
        }
        for kind in HandoverKind
        if (found := [line for line in lines if line.row.kind == kind])
    ]


@admin.register(PostHolding)
class PostHoldingAdmin(HandoverPages, Acting[PostHolding]):
    """Holdings are history: a new one is a hand-over, an old one is never edited."""

    viewers = access.CITY
    editors = access.KEEPERS
    form = HandoverForm
    list_display = ["post", "holder", "starts_on", "ends_on", "list_shown", "received_on"]
    list_select_related = ["post__department", "holder"]
    search_fields = [
        "post__title", "post__initials", "post__department__name", "post__department__initials", "holder__full_name",
        "holder__username", "holder__initials",
    ]  # fmt: skip
    search_help_text = gettext_lazy("Words of the post, the department or the holder, or pinyin initials.")
    autocomplete_fields = ["post", "holder"]
    ordering = ["post", "-starts_on"]

    def scope(self, viewer: Actor) -> QuerySet[PostHolding]:
        return super().scope(viewer).annotate(items=Count("handover"))

    def has_change_permission(self, request: HttpRequest, obj: PostHolding | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: PostHolding | None = None) -> list[Any]:
        written = ["post", "holder", "starts_on"]
        return [*written, "ends_on", "received_on", "list_shown"] if obj else written

    def get_readonly_fields(self, request: HttpRequest, obj: PostHolding | None = None) -> list[str]:
        return ["list_shown", "received_on"] if obj else []

    @admin.display(description=gettext_lazy("hand-over list"))
    def list_shown(self, holding: PostHolding) -> SafeString | str:
        count = getattr(holding, "items", 0)
        if not count:
            return _("nothing was open")
        return render_to_string("admin/tracker/postholding/_list.html", {"holding": holding, "count": count})

    def carry_out(self, request: HttpRequest, row: PostHolding, form: Any, formsets: Any, change: bool) -> PostHolding:
        said = form.cleaned_data
        return people.hand_over(said["post"], to=said["holder"], on=said["starts_on"], by=access.actor_of(request))

    def response_add(
        self, request: HttpRequest, obj: PostHolding, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The list that the new holder will confirm, to look at and to print."""
        said = _("Handed over. The new holder confirms this list.")
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:tracker_postholding_handover", args=[obj.pk]))


class DeputyForm(ActionForm[Deputy]):
    """Who stands in, from when to when. Afterwards only the last day can be brought forward."""

    class Meta:
        model = Deputy
        fields = ("post", "deputy", "starts_on", "ends_on", "reason")
        help_texts = {
            "post": gettext_lazy("The post whose holder is away."),
            "deputy": gettext_lazy("Gets the reminders and may answer in the holder’s place on these days."),
            "starts_on": gettext_lazy("The first day of the absence."),
            "ends_on": gettext_lazy("The last day. Bring it forward when the holder returns early."),
            "reason": gettext_lazy("For example: training, leave. Everybody who sees the post can read it."),
        }

    def _get_validation_exclusions(self) -> set[str]:
        """The action says it better: it names the days that stand."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own hook, unknown to the stubs
        return excluded | {"deputy"}


@admin.register(Deputy)
class DeputyAdmin(Acting[Deputy]):
    """Deputies are named for days; what was is never edited, only an end brought forward."""

    viewers = access.CITY
    editors = access.KEEPERS
    form = DeputyForm
    list_display = ["post", "deputy", "starts_on", "ends_on", "reason", "is_demo"]
    list_select_related = ["post__department", "deputy"]
    search_fields = ["post__title", "post__initials", "deputy__full_name", "deputy__username", "deputy__initials"]
    search_help_text = gettext_lazy("Words of the post or the person, or pinyin initials.")
    autocomplete_fields = ["post", "deputy"]
    ordering = ["-starts_on", "post"]

    def get_readonly_fields(self, request: HttpRequest, obj: Deputy | None = None) -> list[str]:
        return ["post", "deputy", "starts_on", "reason"] if obj else []

    def carry_out(self, request: HttpRequest, row: Deputy, form: Any, formsets: Any, change: bool) -> Deputy:
        said, actor = form.cleaned_data, access.actor_of(request)
        if change:
            return people.end_deputy(row, on=said["ends_on"], by=actor)
        return people.set_deputy(
            said["post"],
            deputy=said["deputy"],
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            reason=said["reason"],
            by=actor,
        )

    def _named(self, request: HttpRequest, row: Deputy) -> HttpResponse:
        said = {"name": row.deputy, "post": row.post, "starts_on": row.starts_on, "ends_on": row.ends_on}
        words = _("%(name)s stands in for “%(post)s” from %(starts_on)s through %(ends_on)s.") % said
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:tracker_deputy_changelist"))

    def response_add(self, request: HttpRequest, obj: Deputy, post_url_continue: str | None = None) -> HttpResponse:
        return self._named(request, obj)

    def response_change(self, request: HttpRequest, obj: Deputy) -> HttpResponse:
        return self._named(request, obj)
