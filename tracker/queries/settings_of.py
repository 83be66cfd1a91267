"""What the supervision office switched on for the whole site."""

from tracker.models import SiteSettings


def site_settings() -> SiteSettings:
    """The one row of settings; without it (never stored) everything is off. One query."""
    found = SiteSettings.objects.filter(pk=SiteSettings.SETTINGS_ID).first()
    return found or SiteSettings(pk=SiteSettings.SETTINGS_ID)
