"""A site of its own for a test: tables, label, server and worker, started and stopped by pid."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BROWSERS = ("chromium-headless-shell", "chromium")
PATIENCE = 30  # seconds


def browser_path() -> str:
    """The installed Chromium. Raises when there is none: these tests do not skip."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise RuntimeError(f"no browser: install one of {', '.join(BROWSERS)}")


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


class Site:
    """The demonstration, on a database of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DEMO": "1",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "FLASK_APP": "wsgi",
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def flask(self, *words: str) -> None:
        """Type a command of the house."""
        subprocess.run([sys.executable, "-m", "flask", *words], cwd=ROOT, env=self.environment, check=True)

    def start(self) -> None:
        server = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        self._run([*server, "--workers", "1", "--blocking-threads", "1", "--log-level", "warning", "wsgi:app"])
        self._run(["flask", "worker"])
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310  # our own address
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the site did not start")

    def _run(self, command: list[str]) -> None:
        run = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=self.environment, start_new_session=True)
        self.processes.append(run)

    def stop(self) -> None:
        for process in self.processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
