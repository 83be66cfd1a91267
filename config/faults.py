"""The answer to a fault of our own: a page for people, a problem document for the clients of the API."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from tracker.api import problems


def server_error(request: HttpRequest) -> HttpResponse:
    """Status 500."""
    if request.path_info.startswith("/api/"):
        return problems.server_error(request)
    return defaults.server_error(request)
