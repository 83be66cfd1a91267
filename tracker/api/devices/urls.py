"""Addresses of the caller's devices."""

from django.urls import path

from tracker.api.devices import views

PATTERNS = [
    path("me/devices/", views.DeviceListView.as_view(), name="api-devices"),
    path("me/devices/<uuid:ref>/", views.DeviceView.as_view(), name="api-device"),
]
