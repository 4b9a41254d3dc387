"""What goes wrong, told to people: a clear sentence, a reference number, never a trace."""

import secrets
from typing import Any

import structlog
from flask import Flask, Response, current_app, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from app import db
from app.words import refusal
from workflows.refused import Refused

log = structlog.get_logger()
KNOWN = {400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503}
GONE = {"gone"}


def reference() -> str:
    """A number the reader can quote and the log can find: eight characters without ambiguous ones."""
    return "-".join("".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(4)) for _ in range(2))


def page(code: int, sentence: str = "") -> Response:
    shown = code if code in KNOWN else (500 if code >= 500 else 400)
    number = reference()
    log.info("refused" if code < 500 else "failed", status=code, reference=number, path=request.path)
    if isinstance(request.routing_exception, SecurityError):
        # The address it came by is not ours: no page can be built, and none is owed.
        return Response(f"{code} {number}\n", code, content_type="text/plain; charset=utf-8")
    body = render_template("errors/error.html", code=shown, sentence=sentence, reference=number)
    answer = make_response(body, code)
    if code in {429, 503}:
        answer.headers["Retry-After"] = "60"
    return answer


def init_app(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        db.end_transaction()
        if error.code is not None and 300 <= error.code < 400:
            return error
        return page(error.code or 500)

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Any:
        """The moment is wrong, though the person is right: nothing was written."""
        db.end_transaction()
        return page(404 if error.code in GONE else 409, refusal(error))

    @app.errorhandler(OperationalError)
    def database_away(error: OperationalError) -> Any:
        log.error("database", kind=type(error.orig).__name__)
        try:
            db.end_transaction()
        finally:
            db.forget_connection()
        return page(ServiceUnavailable.code or 503)

    @app.errorhandler(RecursionError)
    def too_deep(_error: RecursionError) -> Any:
        return page(400)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Any:
        if current_app.config["PROPAGATE_EXCEPTIONS"]:
            raise error
        log.exception("unforeseen", path=request.path)
        db.end_transaction()
        return page(InternalServerError.code or 500)
