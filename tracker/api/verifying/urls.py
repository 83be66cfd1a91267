"""Addresses of verifications and look-backs."""

from django.urls import path

from tracker.api.verifying import views

PATTERNS = [
    path("verifications/", views.VerificationListView.as_view(), name="api-verifications"),
    path("verifications/<uuid:ref>/", views.VerificationView.as_view(), name="api-verification"),
    path("lookbacks/", views.LookbackListView.as_view(), name="api-lookbacks"),
    path("lookbacks/<uuid:ref>/", views.LookbackView.as_view(), name="api-lookback"),
]
