"""The address of a history."""

from django.urls import path

from tracker.api.converters import COMMITMENT
from tracker.api.histories import views

PATTERNS = [path(f"{COMMITMENT}history/", views.HistoryView.as_view(), name="api-commitment-history")]
