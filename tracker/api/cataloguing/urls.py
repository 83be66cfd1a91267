"""Addresses of the catalogue's things: read and written at the same place."""

from django.urls import path

from tracker.api.cataloguing import views
from tracker.api.converters import INITIATIVE

PATTERNS = [
    path("initiatives/", views.InitiativeListView.as_view(), name="api-initiatives"),
    path(INITIATIVE, views.InitiativeView.as_view(), name="api-initiative"),
]
