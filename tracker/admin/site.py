"""The admin site: stock Django admin under our own name, order and theme."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class LuoshiAdminSite(AdminSite):
    site_header = _("Luoshi")
    site_title = _("Luoshi")
    index_title = _("My desk")
