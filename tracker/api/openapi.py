"""The description of the API, and the page that reads it. Both are open to everybody: they hold no data."""

from functools import lru_cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker.api.endpoint import Endpoint


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1 as YAML, or as JSON for who asks for it; made once per language and process."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def _get_schema_response(self, request: Request) -> Response:
        return Response(
            _document(translation.get_language() or "en"),
            headers={"Content-Disposition": 'inline; filename="luoshi.yaml"'},
        )


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from the sidecar's files, under the site's own content security policy; no other host is asked."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    url_name = "api-schema"
    template_name = "api/docs.html"
    title = "Luoshi API"


class NothingHereView(Endpoint):
    """Any other address under the API: the same refusal for everybody and every method, in our shape."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    schema = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.http_method_not_allowed = self._refuse  # type: ignore[method-assign]  # one answer, whatever the method
        return super().dispatch(request, *args, **kwargs)

    def _refuse(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise DomainError("not_found")


@lru_cache(maxsize=4)
def _document(language: str) -> dict[str, Any]:
    with translation.override(language):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # drf-spectacular's own
        document: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return document
