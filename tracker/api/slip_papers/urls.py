"""Addresses of supervision slips. A draft has no number: so a slip is called by its reference everywhere."""

from django.urls import path

from tracker.api.slip_papers import views

PATTERNS = [
    path("slips/<uuid:ref>/", views.SlipView.as_view(), name="api-slip"),
]
