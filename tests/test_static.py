import gzip
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app"
STATIC = APP / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
VENDORED = tomllib.loads((STATIC / "vendor.toml").read_text(encoding="utf-8"))["file"]
FIRST_VISIT = [*SHEETS, *(STATIC / "js").glob("*.js"), *(STATIC / "fonts").glob("*.woff2")]
TEMPLATES = {path: path.read_text(encoding="utf-8") for path in sorted((APP / "templates").rglob("*.html"))}
#: A mail carries its own style: its reader's program fetches nothing.
PAGES = [path for path in TEMPLATES if path.parent.name != "mail"]


@pytest.mark.parametrize("file", VENDORED, ids=lambda file: file["path"])
def test_a_vendored_file_is_the_one_in_the_manifest(file: dict[str, str]) -> None:
    assert hashlib.sha256((STATIC / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    assert (STATIC / file["licence_path"]).is_file()


def test_every_font_is_in_the_manifest() -> None:
    fonts = {f"fonts/{path.name}" for path in (STATIC / "fonts").glob("*.woff2")}
    assert fonts == {file["path"] for file in VENDORED if file["path"].startswith("fonts/")}


def test_a_first_visit_costs_less_than_a_hundred_kilobytes_compressed() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in FIRST_VISIT) < 100_000


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_fetches_nothing_from_elsewhere(sheet: Path) -> None:
    css = sheet.read_text(encoding="utf-8")
    assert not re.search(r"@import|url\((?![\"']?\.\./fonts/)", css)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_page_holds_no_inline_style_script_or_handler(path: Path) -> None:
    html = TEMPLATES[path]
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", html, re.IGNORECASE)
    fetched = re.sub(r'<a href="https://[^"]+" rel="external">', "", html)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", fetched)
