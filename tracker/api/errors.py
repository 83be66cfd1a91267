"""One shape for every refusal: ``{"code", "detail", "field"}`` in a problem document (RFC 9457).

Codes are stable (docs/api.md), texts are not. `type` leads to the code's place in the list at ``/api/v1/problems/``.
"""

import math
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from projects.busy import RETRY_SECONDS, is_busy
from projects.errors import DomainError

# What is not named here is the sender's input: 400.
STATUS: Mapping[str, int] = {
    "not_signed_in": 401,
    "token_invalid": 401,
    "sign_in_failed": 401,
    "not_allowed": 403,
    "not_yours_to_report": 403,
    "own_report": 403,
    "own_commitment": 403,
    "slip_not_yours": 403,
    "step_not_yours": 403,
    "blocker_not_yours": 403,
    "blocker_not_yours_to_answer": 403,
    "contribution_not_yours": 403,
    "evidence_not_yours": 403,
    "handover_not_yours": 403,
    "extension_not_yours": 403,
    "instruction_not_in_your_name": 403,
    "instruction_not_yours_to_answer": 403,
    "own_extension": 403,
    "withdrawal_not_yours": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "client_ref_reused": 409,
    "initiative_reported": 409,
    "period_closed": 409,
    "period_not_open": 409,
    "report_not_open": 409,
    "report_not_submitted": 409,
    "report_waits_for_review": 409,
    "stage_not_reportable": 409,
    "contribution_closed": 409,
    "contribution_not_asked": 409,
    "evidence_withdrawn": 409,
    "extension_closed": 409,
    "extension_not_at_work": 409,
    "extension_pending": 409,
    "extension_too_late": 409,
    "extension_without_date": 409,
    "instruction_without_lead": 409,
    "question_closed": 409,
    "question_is_over": 409,
    "question_too_early": 409,
    "code_taken": 409,
    "lead_missing": 409,
    "lead_stands": 409,
    "reassign_finished": 409,
    "reassign_report_waits": 409,
    "reassign_reported_done": 409,
    "reminder_not_under_way": 409,
    "reminder_reaches_nobody": 409,
    "reminder_sent_today": 409,
    "step_not_allowed": 409,
    "verification_needed": 409,
    "not_in_sample": 409,
    "sample_looked_at": 409,
    "sample_reopened": 409,
    "slip_after_red": 409,
    "slip_closed": 409,
    "slip_drafted": 409,
    "slip_followed": 409,
    "slip_moot": 409,
    "slip_not_at_work": 409,
    "slip_not_draft": 409,
    "slip_not_late": 409,
    "slip_waits": 409,
    "slip_without_date": 409,
    "slip_without_lead": 409,
    "cursor_expired": 410,
    "scope_changed": 410,
    "stale": 412,
    "body_too_large": 413,
    "evidence_too_large": 413,
    "media_type_unknown": 415,
    "sign_in_locked": 429,
    "too_many_requests": 429,
    "server_error": 500,
    "evidence_lost": 500,
    "evidence_not_stored": 503,
    "site_busy": 503,
}

# The media type of RFC 9457, and what its `title` says for each status.
MEDIA_TYPE = "application/problem+json"
LIST = "/api/v1/problems/"
TITLES: Mapping[int, str | Promise] = {
    400: _("The input is refused"),
    401: _("Not signed in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Not taken here"),
    406: _("Not available in this form"),
    409: _("Not possible as things stand"),
    410: _("Gone"),
    412: _("Changed meanwhile"),
    413: _("Too large"),
    415: _("Not readable"),
    429: _("Too many requests"),
    500: _("A fault of the site"),
    503: _("Not possible at this moment"),
}
SYNC = "/api/v1/sync/"  # where a client begins again whose cursor is of no use any more

# The framework's own refusals, in our words.
FRAMEWORK: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.NotAuthenticated, "not_signed_in"),
    (exceptions.AuthenticationFailed, "token_invalid"),
    (exceptions.PermissionDenied, "not_allowed"),
    (PermissionDenied, "not_allowed"),
    (exceptions.NotFound, "not_found"),
    (Http404, "not_found"),
    (exceptions.NotAcceptable, "not_acceptable"),
    (exceptions.ParseError, "body_malformed"),
    (RequestDataTooBig, "body_too_large"),
    (SuspiciousOperation, "body_malformed"),  # too many fields or files
)


def handle(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer a refusal in the one shape. None for what is no refusal: that is a fault, and Django reports it."""
    error = refusal(exc)
    if error is None:
        return None
    body = problem(error)
    response = Response(body, status=body["status"], content_type=MEDIA_TYPE)
    if response.status_code == 401:
        response["WWW-Authenticate"] = "Token"
    if isinstance(exc, exceptions.Throttled):
        response["Retry-After"] = str(error.params["seconds"])
    if error.code == "sign_in_locked":  # a further attempt locks anew for as long
        response["Retry-After"] = str(math.ceil(settings.AXES_COOLOFF_TIME * 3600))
    if error.code == "site_busy":
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def problem(error: DomainError) -> dict[str, Any]:
    """The problem document of a refusal, in the active language."""
    status = STATUS.get(error.code, 400)
    body: dict[str, Any] = {
        "type": f"{LIST}#{error.code}",
        "title": str(TITLES[status]),
        "status": status,
        "code": error.code,
        "detail": str(error),
        "field": error.field,
    }
    if error.code == "stale":
        body["revision"] = error.params.get("revision")
    if status == 410:
        body["restart"] = SYNC
    return body


def refusal(exc: Exception) -> DomainError | None:
    """The refusal that an exception means; None for a fault of our own."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, exceptions.ValidationError):
        return _first_field(exc.detail)
    if isinstance(exc, exceptions.MethodNotAllowed):
        return DomainError("method_not_allowed", method=str(exc.args[0]) if exc.args else "")
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return DomainError("media_type_unknown")
    if isinstance(exc, exceptions.Throttled):
        return DomainError("too_many_requests", seconds=math.ceil(getattr(exc, "wait", None) or 1))
    if is_busy(exc):
        return DomainError("site_busy")
    return next((DomainError(code) for kind, code in FRAMEWORK if isinstance(exc, kind)), None)


def _first_field(detail: object) -> DomainError:
    """The first complaint of a serializer, as one sentence about one field, by its path: ``park.shares.0.county``."""
    path: list[str | int] = []
    while isinstance(detail, Mapping | list):
        if isinstance(detail, Mapping):
            name, detail = next(iter(detail.items()))
            path.append(name)
        else:
            name, detail = next((place, one) for place, one in enumerate(detail) if one)
            if isinstance(detail, Mapping):
                path.append(name)
    while path and (isinstance(path[-1], int) or path[-1] == "non_field_errors"):
        path.pop()  # what is wrong with one of a plain list is said of the list
    field = ".".join(str(name) for name in path)
    if getattr(detail, "code", "") == "field_unknown":
        return DomainError("field_unknown", field=field, name=field, allowed=str(detail))
    if getattr(detail, "code", "") == "required":
        return DomainError("field_missing", field=field, name=field)
    if not field:
        return DomainError("body_malformed")
    return DomainError("field_invalid", field=field, name=field, why=str(detail))
