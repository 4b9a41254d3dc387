"""The demonstration, for the pages that only it has."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

import config
from app import create_app
from tests.conftest import Clock, Visitor


@pytest.fixture
def demonstration(settings: config.Settings, clock: Clock) -> Iterator[Flask]:
    made = create_app(replace(settings, demo=True), clock)
    made.config["WTF_CSRF_ENABLED"] = False
    made.test_client_class = Visitor
    yield made
    made.extensions["database"].engine.dispose()
