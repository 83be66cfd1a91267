"""The address of the desk."""

from django.urls import path

from tracker.api.desk import views

PATTERNS = [path("desk/", views.DeskView.as_view(), name="api-desk")]
