"""Addresses of the ledger's commitments."""

from django.urls import path

from tracker.api.converters import COMMITMENT
from tracker.api.registering import views

PATTERNS = [
    path("commitments/", views.CommitmentListView.as_view(), name="api-commitments"),
    path(COMMITMENT, views.CommitmentView.as_view(), name="api-commitment"),
    path(f"{COMMITMENT}lead-confirmation/", views.LeadConfirmationView.as_view(), name="api-lead-confirmation"),
    path(f"{COMMITMENT}reassignment/", views.ReassignmentView.as_view(), name="api-reassignment"),
    path(f"{COMMITMENT}milestones/", views.MilestoneListView.as_view(), name="api-commitment-milestones"),
    path(f"{COMMITMENT}targets/", views.TargetListView.as_view(), name="api-commitment-targets"),
]
