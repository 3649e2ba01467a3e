"""Answers in JSON: sentences for what went wrong, and bytes that browsers keep."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_vary_headers

from modeler.errors import ConflictError, ModelerError, ServerError, UnknownName

View = Callable[..., HttpResponse]
STATUS = ((UnknownName, 404), (ConflictError, 409), (ServerError, 503), (ModelerError, 400))


def in_sentences(view: View) -> View:
    """Answer what a person can mend as ``{"error": sentence}`` with its status."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ModelerError as error:
            status = next(status for kind, status in STATUS if isinstance(error, kind))
            return JsonResponse({"error": str(error)}, status=status)
        except (json.JSONDecodeError, RecursionError, UnicodeDecodeError) as error:
            return JsonResponse({"error": f"The body is not JSON: {error}."}, status=400)

    return answering


@dataclass(frozen=True, slots=True)
class Packed:
    """JSON, as it is and compressed: worked out once for all who ask."""

    plain: bytes
    small: bytes
    tag: str


def packed(document: Mapping[str, Any]) -> Packed:
    """Write a document once for many answers."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str).encode(
        "utf-8", "surrogatepass"
    )
    return Packed(text, gzip.compress(text, 5, mtime=0), hashlib.sha256(text).hexdigest()[:20])


def answer(request: HttpRequest, content: Packed) -> HttpResponse:
    """Answer with JSON that the browser keeps and asks for again by its tag."""
    tag = f'"{content.tag}"'
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(content.small, content_type="application/json")
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(content.plain, content_type="application/json")
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
