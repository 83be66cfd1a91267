"""Addresses of milestones."""

from django.urls import path

from tracker.api.milestones import views

PATTERNS = [
    path("milestones/", views.MilestoneListView.as_view(), name="api-milestones"),
]
