"""A page as a browser fills it: its forms, their fields, what they hold, and what is said of each."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

TYPED = {"text", "textarea", "email", "tel", "search", "url"}
MEASURED = {"date", "datetime-local", "month", "number", "time"}
CHOSEN = {"select", "radio"}


@dataclass
class Field:
    """One name of a form: its kind, what it holds now, and what it offers."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    id: str = ""
    required: bool = False


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        """What a browser would send, were the form sent as it is; nothing for boxes left empty and for files."""
        held = {name: one.value for name, one in self.fields.items() if one.kind != "file"}
        return {
            name: value for name, value in held.items() if value or self.fields[name].kind not in {"checkbox", "radio"}
        }


class Page(HTMLParser):
    """Reads a page. `ids` are all the identifiers it gives."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.ids: set[str] = set()
        self.open: Form | None = None
        self.text: Field | None = None
        self.select: Field | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said: dict[str, Any] = dict(attrs)
        if "id" in said:
            self.ids.add(said["id"])
        if tag == "form":
            self.open = Form(said.get("action") or "", (said.get("method") or "get").lower())
            self.forms.append(self.open)
        elif self.open is None:
            return
        elif tag in {"input", "button"} and said.get("name"):
            self.take(said, said.get("type") or ("submit" if tag == "button" else "text"))
        elif tag == "textarea" and said.get("name"):
            self.text = self.open.fields.setdefault(
                said["name"], Field(said["name"], "textarea", id=said.get("id") or "")
            )
            self.text.required = "required" in said
        elif tag == "select" and said.get("name"):
            self.select = self.open.fields.setdefault(
                said["name"], Field(said["name"], "select", id=said.get("id") or "")
            )
        elif tag == "option" and self.select is not None:
            value = said.get("value") or ""
            self.select.options.append(value)
            if "selected" in said or len(self.select.options) == 1:
                self.select.value = value

    def take(self, said: dict[str, Any], kind: str) -> None:
        assert self.open is not None
        name, value = said["name"], said.get("value") or ""
        if kind in {"submit", "button", "image", "reset"}:
            return
        known = self.open.fields.setdefault(name, Field(name, kind, id=said.get("id") or ""))
        known.required = known.required or "required" in said
        if kind in {"radio", "checkbox"}:
            known.options.append(value or "on")
            if "checked" in said:
                known.value = value or "on"
        else:
            known.value = value

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.text is not None:
            self.text.value = self.text.value.removeprefix("\r\n").removeprefix("\n")
            self.text = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.open = None
