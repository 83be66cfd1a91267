"""Addresses of hand-overs."""

from django.urls import path

from tracker.api.handing_over import views

PATTERNS = [
    path("posts/<slug:code>/handover/", views.HandoverView.as_view(), name="api-handover"),
    path("posts/<slug:code>/handover/receipt/", views.ReceiptView.as_view(), name="api-handover-receipt"),
]
