"""Addresses of milestones."""

from django.urls import path

from tracker.api.converters import COMMITMENT
from tracker.api.milestones import views

PATTERNS = [
    path("milestones/", views.MilestoneListView.as_view(), name="api-milestones"),
    path(f"{COMMITMENT}milestones/", views.CommitmentMilestoneListView.as_view(), name="api-commitment-milestones"),
]
