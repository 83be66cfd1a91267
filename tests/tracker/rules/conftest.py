"""Rules need no Django. Only sentences do: without a configured project they are tested in their source language."""

import os

from django.conf import settings

if not settings.configured and not os.environ.get("DJANGO_SETTINGS_MODULE"):
    settings.configure(USE_I18N=False)
