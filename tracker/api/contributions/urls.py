"""Addresses of contributions."""

from django.urls import path

from tracker.api.contributions import views

PATTERNS = [
    path("contributions/", views.ContributionListView.as_view(), name="api-contributions"),
    path("contributions/<uuid:ref>/", views.ContributionView.as_view(), name="api-contribution"),
]
