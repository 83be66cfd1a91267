"""The address of sync."""

from django.urls import path

from tracker.api.sync import views

PATTERNS = [path("sync/", views.SyncView.as_view(), name="api-sync")]
