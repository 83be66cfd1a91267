"""The API alone, where config.urls hangs it."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("tracker.api.urls"))]
