"""Plain log lines, without personal data: no address, no name, no body."""

import logging
import sys

import structlog
from flask import Flask


def init_app(app: Flask) -> None:
    """One JSON line an event, in UTC; events below `info` are dropped."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the values of local variables: they hold names, addresses and opinions.
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if app.testing else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
