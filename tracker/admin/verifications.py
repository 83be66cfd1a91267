"""Verifications to read: who looked, how, what was found. They are recorded on the commitment's page (`verify`)."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import policies
from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.models import Verification
from tracker.policies import Actor


@admin.register(Verification)
class VerificationAdmin(Guarded[Verification]):
    """Everybody reads those of the commitments in their sight; which sample one belonged to is the city's to know."""

    viewers = access.EVERYBODY
    readonly_fields = (
        "commitment_shown", "finding", "method", "note", "verifier_shown", "verified_on", "occasion", "files",
    )  # fmt: skip
    fields = readonly_fields
    list_display = ["verified_on", "title_shown", "finding", "method", "verifier", "occasion"]
    list_display_links = ["verified_on", "title_shown"]
    list_filter = ["finding", "method"]
    list_select_related = ["commitment", "verifier"]
    search_fields = ["commitment__code", "commitment__title", "commitment__initials", "note"]
    search_help_text = gettext_lazy("Code, words of the commitment’s title, its pinyin initials, or words of the note.")
    ordering = ["-verified_on", "-id"]

    def scope(self, viewer: Actor) -> QuerySet[Verification]:
        return policies.verifications_visible_to(viewer).select_related("commitment", "verifier")

    @admin.display(description=gettext_lazy("commitment"), ordering="commitment__code")
    def title_shown(self, row: Verification) -> SafeString:
        context = {"item": row.commitment, "with_code": True}
        return render_to_string("admin/tracker/_title.html", context)

    @admin.display(description=gettext_lazy("commitment"))
    def commitment_shown(self, row: Verification) -> SafeString:
        return render_to_string("admin/tracker/verification/_commitment.html", {"item": row.commitment})

    @admin.display(description=gettext_lazy("verifier"))
    def verifier_shown(self, row: Verification) -> str:
        return str(row.verifier)

    @admin.display(description=gettext_lazy("kind of verification"), ordering="lookback")
    def occasion(self, row: Verification) -> str:
        return _("look-back") if row.lookback_id else _("before closing")

    @admin.display(description=gettext_lazy("evidence"))
    def files(self, row: Verification) -> SafeString:
        rows = row.evidence.filter(withdrawn_at__isnull=True).select_related("author")
        return render_to_string("admin/tracker/verification/_evidence.html", {"evidence": rows})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To read. What is out of sight is a 404 before anything is said about changing it."""
        titled = {"title": self.row_or_404(request, object_id).commitment.title, "subtitle": None}
        return super().change_view(request, object_id, form_url, {**titled, **(extra_context or {})})
