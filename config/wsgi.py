"""The WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application = get_wsgi_application()

# Load every page before the server forks, and keep the collector off what is loaded: the workers share that memory.
get_resolver().url_patterns  # noqa: B018  read for its effect
gc.collect()
gc.freeze()
