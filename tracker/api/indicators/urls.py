"""Addresses of indicators and targets."""

from django.urls import path

from tracker.api.indicators import views

PATTERNS = [
    path("indicators/", views.IndicatorListView.as_view(), name="api-indicators"),
    path("indicators/<slug:indicator>/", views.IndicatorView.as_view(), name="api-indicator"),
]
