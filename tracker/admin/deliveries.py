"""The log of what other platforms were told: what became of each, and trying one again."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions import telling
from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.choices import DeliveryState
from tracker.models import Delivery

UNBROKEN = "\N{NO-BREAK SPACE}"


@admin.register(Delivery)
class DeliveryAdmin(Guarded[Delivery]):
    """Every telling: of which event, to whom, how often tried, what was answered and how fast."""

    viewers = access.KEEPERS
    list_display = [
        "planned_at", "subscription", "kind", "commitment_code", "state", "answer_shown", "error",
    ]  # fmt: skip
    list_filter = ["state", "kind", "subscription", "planned_at"]
    list_select_related = ["subscription", "commitment"]
    search_fields = ["commitment__code", "ref"]
    search_help_text = gettext_lazy("Code of a commitment, or the key of a delivery.")
    ordering = ["-id"]
    fields = [
        "subscription", "kind", "commitment", "event", "ref", "state", "status", "took_ms", "attempts", "not_before",
        "gives_up_at", "claimed_at", "sent_at", "error", "is_demo", "planned_at",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("commitment"), ordering="commitment__code")
    def commitment_code(self, row: Delivery) -> str:
        return row.commitment.code

    @admin.display(description=gettext_lazy("answer"), ordering="status")
    def answer_shown(self, row: Delivery) -> str:
        if row.took_ms is None:
            return "—"
        status = row.status or _("none")
        said = _("%(status)s · %(count)d ms") % {"status": status, "count": row.took_ms}
        return said.replace(" ", UNBROKEN)

    def named(self, row: Delivery) -> str:
        return f"{row.subscription} · {row.commitment.code} · {row.get_kind_display()}"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        again = path("<int:object_id>/retry/", wrap(self.retry_view), name="tracker_delivery_retry")
        return [again, *super().get_urls()]

    def retry_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """POST lets one delivery be tried at once."""
        row = self.row_or_404(request, str(object_id))
        if request.method == "POST":
            only = Delivery.objects.filter(pk=row.pk)
            count = telling.retry(only, by=access.actor_of(request), now=timezone.now())
            if count:
                self.message_user(request, _("It is tried again within minutes."), messages.SUCCESS)
            else:
                said = _("It was told already, or is being told now.")
                self.message_user(request, said, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:tracker_delivery_change", args=[row.pk]))

    def render_change_form(self, request: HttpRequest, context, *args, **kwargs) -> HttpResponse:  # type: ignore[no-untyped-def]
        row = context.get("original")
        context["may_retry"] = row is not None and row.state in {DeliveryState.FAILED, DeliveryState.WAITING}
        return super().render_change_form(request, context, *args, **kwargs)
