"""`flask labels`: checking, publishing and drawing a definition."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.db import database
from app.operations.labels import publish_label
from app.queries.labels import current_version, label_of
from workflows.label import Faults, Label, load
from workflows.machine import diagram

labels = AppGroup("labels", help="Label definitions.")
file = click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
locale = click.option("--locale", type=click.Choice(["fr", "en"]), default="fr", show_default=True)


def read(path: Path, language: str) -> Label:
    """Load a definition, or say each of its faults and stop."""
    try:
        return load(path.read_text(encoding="utf-8"))
    except Faults as faults:
        for fault in faults.faults:
            click.echo(fault.sentence(language))
        raise SystemExit(1) from faults


@labels.command("check")
@file
@locale
def check(path: Path, locale: str) -> None:
    """Say whether a definition can be published, one sentence a fault."""
    label = read(path, locale)
    click.echo(f"{label.slug}: {len(label.stages)} stages, {len(label.transitions)} transitions, no fault.")


@labels.command("publish")
@file
@locale
def publish(path: Path, locale: str) -> None:
    """Publish a definition as a new version; the same content again changes nothing."""
    read(path, locale)
    with database().session(writes=True) as db:
        version = publish_label(db, path.read_text(encoding="utf-8"), clock=current_app.config["CLOCK"])
        db.commit()
        click.echo(f"{version.slug}, version {version.number}, {version.digest[:12]}.")


@labels.command("diagram")
@click.argument("slug")
@locale
def draw(slug: str, locale: str) -> None:
    """Print the newest published version of a label as a Mermaid diagram."""
    with database().session(writes=False) as db:
        version = current_version(db, slug)
        if version is None:
            raise click.ClickException(f"No label is published under {slug}.")
        click.echo(diagram(label_of(version), locale))
