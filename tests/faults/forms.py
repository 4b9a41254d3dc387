"""A browser as small as it can be: it keeps one session, reads the forms of a page, and sends them back filled in."""

import http.client
import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

WAIT = 30.0  # seconds for an answer


@dataclass
class Form:
    """A form of a page: where it is sent, its fields with their values, and the values offered by its choices."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)


class FormReader(HTMLParser):
    """Gathers the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
            self.inside = True
        elif self.inside and given.get("name"):
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given["name"]
        kind = given.get("type", "text") if tag == "input" else tag
        if kind in {"radio", "checkbox"}:
            form.offered.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields[name] = given.get("value", "on")
        elif kind in {"input", "text", "hidden", "number", "textarea"}:
            form.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def forms_of(page: str) -> list[Form]:
    reader = FormReader()
    for part in re.findall(r"<form\b.*?</form>", page, flags=re.DOTALL):
        reader.feed(part)
    return reader.forms


@dataclass(frozen=True)
class Answer:
    """An answer read to its end."""

    status: int
    body: str
    location: str


class Browser:
    """One connection at a time, one cookie. Any failure of the connection is an `OSError` or an `HTTPException`."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def lose_answer(self, path: str, fields: dict[str, str], *, seconds: float) -> None:
        """Send a form whole and never read its answer, as a train does in a tunnel; the line is cut after a while."""
        try:
            self._send("POST", path, urlencode(fields))
            time.sleep(seconds)
        finally:
            self.close()

    def _send(self, method: str, path: str, body: str | None) -> http.client.HTTPConnection:
        headers = {"Cookie": self.cookie}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        self.connection.request(method, path, body, headers)
        return self.connection

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        try:
            answer = self._send(method, path, body).getresponse()
            return Answer(answer.status, answer.read().decode(), answer.getheader("Location", ""))
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
