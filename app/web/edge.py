"""The edge: what is refused before any view, and what every answer carries."""

import unicodedata
from collections.abc import Iterable

from flask import Flask, Response, abort, request

from app.db import SAFE_METHODS

KEPT_CONTROLS = "\t\n\r"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FIELDS = 500
UPLOADS = {"candidate.file_piece"}


def init_app(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=settings.max_body,
        MAX_FORM_PARTS=FIELDS,
        TRUSTED_HOSTS=[settings.host.rsplit(":", 1)[0]],
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )

    @app.before_request
    def refuse_hostile() -> None:
        if request.endpoint in UPLOADS:
            request.max_content_length = settings.max_upload + settings.max_body
            # Room for one of the parser's chunks and the end of the one before, or files are refused at random.
            request.max_form_memory_size = 2 * settings.max_body
        refuse_controls(request.view_args.values() if request.view_args else ())
        refuse_controls(value for pair in request.args.items(multi=True) for value in pair)
        if request.method in SAFE_METHODS:
            return
        refuse_foreign(settings.base_url)
        fields = list(request.form.items(multi=True))
        if len(fields) > FIELDS:
            abort(413)
        refuse_controls(value for pair in fields for value in pair)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if settings.https:
            response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        return response


def refuse_controls(values: Iterable[object]) -> None:
    """Refuse control characters and broken encodings: one database stores them, the other fails on them."""
    for value in values:
        if any(hostile(sign) for sign in str(value)):
            abort(400)


def hostile(sign: str) -> bool:
    return sign not in KEPT_CONTROLS and unicodedata.category(sign) in {"Cc", "Cs"}


def refuse_foreign(base_url: str) -> None:
    """Refuse a form that another site sent, by what the browser says of it."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != base_url:
        abort(403)
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        abort(403)
