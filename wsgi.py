"""What the server runs. On unsafe settings it refuses to start, one sentence a fault."""

import sys

import config
from app import create_app

try:
    app = create_app()
except config.Unsafe as unsafe:
    sys.exit("\n".join(["This house does not start:", *(f"- {fault}" for fault in unsafe.faults)]))
