"""The real server, killed whole: two workers in a process group of their own, on the loopback."""

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.browser.site import ROOT

PATIENCE = 60.0  # seconds


def lasting_port() -> int:
    """A free port that no connection is given as its own end.

    Clients insist while the server is down: on a port of that range one of them ends up connected to itself, and the
    server cannot have its port back.
    """
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(lowest // 2, lowest)
        with socket.socket() as asked, contextlib.suppress(OSError):
            asked.bind(("127.0.0.1", port))
            return port


class Server:
    """granian with its workers, leader of its own session, so that one signal reaches every process of it."""

    def __init__(self, folder: Path, database_url: str, *, workers: int = 2) -> None:
        self.port = lasting_port()
        self.workers = workers
        self.log = folder / "server.log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FLASK_")},
            "DEMO": "1",
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "FLASK_APP": "wsgi",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it is ready. Raises `RuntimeError` when it is not in time."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", str(self.workers), "--blocking-threads", "1"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--log-level", "warning", "wsgi:app"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        limit = time.monotonic() + PATIENCE
        while not self._ready():
            if time.monotonic() > limit or self.process.poll() is not None:
                self.kill()
                raise RuntimeError(f"the server did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.02)

    def _ready(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", "/readyz")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()

    def kill(self) -> None:
        """SIGKILL for the whole group; returns once none of its processes runs."""
        if self.process is None:
            return
        group, self.process = self.process, None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group.pid, signal.SIGKILL)
        group.wait()
        limit = time.monotonic() + PATIENCE
        while members(group.pid):
            if time.monotonic() > limit:
                raise RuntimeError("a process of the group outlives SIGKILL")
            time.sleep(0.001)

    def flask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Type a command of the house; its answer and its exit code are the caller's to judge."""
        command = [sys.executable, "-m", "flask", *words]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)


def members(group: int) -> list[int]:
    """The processes of a group that still run, its zombies left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, _parent, pgrp = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(pgrp) == group and state not in "ZX":
            found.append(int(entry.name))
    return found
