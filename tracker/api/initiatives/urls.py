"""Addresses of the catalogue's things."""

from django.urls import path

from tracker.api.initiatives import views

PATTERNS = [
    path("initiatives/", views.InitiativeListView.as_view(), name="api-initiatives"),
    path("initiatives/<commitment_code:code>/", views.InitiativeView.as_view(), name="api-initiative"),
]
