"""Addresses of steps, for one commitment and for many, and of reminders by hand."""

from django.urls import path

from tracker.api.converters import COMMITMENT
from tracker.api.lifecycle import many, reminding, views

STEPS: tuple[type[views.StepEndpoint], ...] = (
    views.IssuanceView,
    views.AcceptanceView,
    views.RefusalView,
    views.StartView,
    views.CompletionView,
    views.ClosingView,
    views.ArchivingView,
    views.ReopeningView,
    views.SuspensionView,
    views.ExemptionView,
    views.CancellationView,
    views.ResumptionView,
    views.DeferralView,
)
PATTERNS = [
    path(f"{COMMITMENT}steps/", views.StepListView.as_view(), name="api-steps"),
    *(
        path(f"{COMMITMENT}{view.verb.name}/", view.as_view(), name=f"api-commitment-{view.verb.name}")
        for view in STEPS
    ),
    path(f"{COMMITMENT}reminders/", reminding.ReminderListView.as_view(), name="api-commitment-reminders"),
    path("batch/issuance/", many.ManyIssuancesView.as_view(), name="api-many-issuance"),
    path("batch/lead-confirmation/", many.ManyLeadConfirmationsView.as_view(), name="api-many-lead-confirmation"),
    path("batch/reassignment/", many.ManyReassignmentsView.as_view(), name="api-many-reassignment"),
    path("batch/reminders/", many.ManyRemindersView.as_view(), name="api-many-reminders"),
]
