"""Addresses of the figures."""

from django.urls import path

from tracker.api.figures import views

PATTERNS = [
    path("overview/", views.OverviewView.as_view(), name="api-overview"),
    path("changes/", views.ChangeListView.as_view(), name="api-changes"),
]
