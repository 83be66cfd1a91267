"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include("tracker.api.urls")),
    path("admin/", admin.site.urls),
    path("", include("tracker.web.urls")),
]

handler500 = "config.faults.server_error"
