"""Compression of answers, at level 1: rows of text shrink to a tenth all the same.

No answer repeats a secret beside what the caller sent, so its length tells none (BREACH): tokens are given by one
address only, whose answer is small and never compressed.
"""

import gzip

from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response

SMALL = 1000  # bytes that are not worth compressing


def offer(request: Request, response: Response) -> None:
    """Compress the answer once it is rendered, for a client that takes it; caches learn that it depends on that."""
    patch_vary_headers(response, ["Accept-Encoding"])
    if is_taken(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        response.add_post_render_callback(_squeeze)


def is_taken(header: str) -> bool:
    """Whether an Accept-Encoding takes gzip: named, or by ``*``, and not with a weight of nought (RFC 9110, 12.5.3)."""
    weights: dict[str, bool] = {}
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = weight.strip().removeprefix("q=").strip("0.") != "" if weight else True
    return weights.get("gzip", weights.get("*", False))


def _squeeze(response: Response) -> None:
    if len(response.content) < SMALL or response.headers.get("Content-Encoding"):
        return
    response.content = gzip.compress(response.content, compresslevel=1, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    if "ETag" in response.headers and not response.headers["ETag"].startswith("W/"):
        response.headers["ETag"] = f"W/{response.headers['ETag']}"
