"""The answer to a fault of our own, and to a database that somebody else keeps busy: a page for people, a problem
document for the clients of the API.
"""

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

from projects.busy import RETRY_SECONDS, is_busy
from tracker.api import problems


def server_error(request: HttpRequest) -> HttpResponse:
    """Status 503 while somebody else is writing, else 500. Django calls it while the exception is handled."""
    busy = is_busy(sys.exception())
    if request.path_info.startswith("/api/"):
        return problems.fault("site_busy" if busy else "server_error")
    if not busy:
        return defaults.server_error(request)
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_SECONDS})
