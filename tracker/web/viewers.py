"""Turns a request into the actor that looks at the page."""

from django.http import HttpRequest

from tracker.models import User
from tracker.policies import Actor, actor_of


def viewer_of(request: HttpRequest) -> Actor:
    """The signed-in person as an actor. Raises PermissionError for a visitor; views sit behind `login_required`."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionError("not signed in")
    return actor_of(user, request_id=request.META.get("LUOSHI_REQUEST_ID", ""))
