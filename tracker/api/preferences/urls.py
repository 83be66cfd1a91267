"""The address of personal settings."""

from django.urls import path

from tracker.api.preferences import views

PATTERNS = [path("me/preferences/", views.PreferencesView.as_view(), name="api-preferences")]
