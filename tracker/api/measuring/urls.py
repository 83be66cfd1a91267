"""The address of readings."""

from django.urls import path

from tracker.api.measuring import views

PATTERNS = [
    path("indicators/<slug:indicator>/readings/", views.ReadingListView.as_view(), name="api-indicator-readings")
]
