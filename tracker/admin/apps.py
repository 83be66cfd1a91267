"""Makes our admin site the default one."""

from django.contrib.admin.apps import AdminConfig


class LuoshiAdminConfig(AdminConfig):
    default_site = "tracker.admin.site.LuoshiAdminSite"
