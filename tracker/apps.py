"""The promises' app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("Commitments")

    def ready(self) -> None:
        """Word every error code once, at start."""
        from tracker import errors  # noqa: F401
