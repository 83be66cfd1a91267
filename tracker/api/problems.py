"""What goes wrong, for people: all codes, where `type` leads; and the answer when the fault is the site's."""

import re

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views import View

from projects.busy import RETRY_SECONDS
from projects.errors import DomainError
from tracker.api import errors

LANGUAGES = ("zh-hans", "en")
_PLACE = re.compile(r"%\((\w+)\)[a-z]")


class ProblemsView(View):
    """Every code with its status and its sentence in both languages; open to everybody, it holds no data."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = [
            {"code": code, "status": errors.STATUS.get(code, 400), "sentences": _in_both(code)}
            for code in sorted(DomainError.sentences)
        ]
        return render(request, "api/problems.html", {"rows": rows})


def fault(code: str) -> HttpResponse:
    """The problem document of what no view answered; the header X-Request-ID says which request it was."""
    body = errors.problem(DomainError(code))
    answer = HttpResponse(orjson.dumps(body), status=body["status"], content_type=errors.MEDIA_TYPE)
    if code == "site_busy":
        answer["Retry-After"] = RETRY_SECONDS
    return answer


def _in_both(code: str) -> list[tuple[str, str]]:
    """(language, sentence), with the names of what is filled in: ``%(name)s`` is shown as ``{name}``."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            text = str(DomainError.sentences[code])
        found.append((language, _PLACE.sub(r"{\1}", text).replace("%%", "%")))
    return found
