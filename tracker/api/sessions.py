"""Signing in and out, and who one is. The tokens are knox's; one device, one token."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from knox.models import AuthToken
from knox.views import LoginView as KnoxLoginView
from knox.views import LogoutView as KnoxLogoutView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker.actions import devices
from tracker.api import authentication, described, shapes
from tracker.api.endpoint import Endpoint
from tracker.api.inputs import SignInInput
from tracker.api.serializers import MeOutput, TokenOutput
from tracker.api.throttles import SignInThrottle
from tracker.models import User
from tracker.queries import token_cache


class LoginView(Endpoint, KnoxLoginView):  # type: ignore[misc]  # knox has no types
    """Name and password for a token. Who has the most tokens that are allowed loses the oldest one."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (SignInThrottle,)

    @described.operation(
        "signIn",
        tag="sign-in",
        takes=SignInInput,
        answers={200: TokenOutput},
        refusals=(401, *described.BODY),
        is_open=True,
    )
    def post(self, request: Request) -> Response:
        given = SignInInput.read(request.data)
        said = dict(given.validated_data)
        self._device = said.pop("device").strip() or _program(request)
        request.user = self._person(request, **said)
        self._make_room(request.user)
        answer: Response = super().post(request)
        answer["Cache-Control"] = "no-store"
        return answer

    def create_token(self) -> Any:
        """The token, with the device that gets it noted beside it."""
        with transaction.atomic():
            instance, token = super().create_token()
            devices.signed_in(instance, name=self._device, by=self.actor)
        return instance, token

    def get_token_limit_per_user(self) -> int | None:
        """None: room was made before, nobody is locked out by tokens on devices that are long gone."""
        return None

    def _person(self, request: Request, *, username: str, password: str) -> User:
        user = authenticate(request._request, username=username, password=password)
        # Otherwise the middleware would put its page in the place of our answer.
        if request._request.__dict__.pop("axes_locked_out", False):
            raise DomainError("sign_in_locked", minutes=round(settings.AXES_COOLOFF_TIME * 60))
        if not isinstance(user, User):
            raise DomainError("sign_in_failed")
        return user

    def _make_room(self, user: User) -> None:
        kept = AuthToken.objects.filter(user=user).order_by("-created").values_list("digest", flat=True)
        surplus = list(kept[settings.TOKENS_PER_PERSON - 1 :])
        AuthToken.objects.filter(digest__in=surplus).delete()
        token_cache.forget(surplus)


class LogoutView(Endpoint, KnoxLogoutView):  # type: ignore[misc]  # knox has no types
    """Take this token back."""

    authentication_classes = [authentication.TokenAuthentication]  # a list: no session beside it

    @described.operation("signOut", tag="sign-in", answers={204: None})
    def post(self, request: Request) -> Response:
        digest = request.auth.digest  # type: ignore[union-attr]  # signed in, so there is one
        answer: Response = super().post(request)
        token_cache.forget([digest])
        return answer


class LogoutAllView(Endpoint):
    """Take all tokens of this person back, on all devices."""

    @described.operation("signOutEverywhere", tag="sign-in", answers={204: None})
    def post(self, request: Request) -> Response:
        token_cache.forget(devices.revoke(None, by=self.actor))
        return Response(status=204)


class MeView(Endpoint):
    """Who the token belongs to, with role and department."""

    @described.operation("me", tag="sign-in", answers={200: MeOutput})
    def get(self, request: Request, **kwargs: Any) -> Response:
        user = User.objects.select_related("department").get(username=request.user.get_username())
        return Response(shapes.person(user))


def _program(request: Request) -> str:
    """What the program calls itself: the first word of its User-Agent, without the version's digits."""
    return str(request.META.get("HTTP_USER_AGENT", "")).split(" ")[0].split("/")[0].strip()
