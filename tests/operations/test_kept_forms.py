"""Forms kept for who had to sign in again: hers alone, a quarter of an hour, a few at a time."""

from sqlalchemy import select

from app.models import KeptForm
from app.operations.kept_forms import MOST, forget_form, keep_form, purge_forms
from app.queries.kept_forms import LASTING, kept_form
from tests.conftest import Clock
from tests.make import Make

FIELDS = [("text", "Deux communes"), ("text", "et une troisième")]


def test_a_form_comes_back_with_its_fields_in_their_order_to_its_author_alone(make: Make, clock: Clock) -> None:
    author, other = make.person("officer"), make.person("officer")
    form_id = keep_form(make.db, author.id, "/dossiers/x", FIELDS, at=clock())
    assert form_id is not None
    found = kept_form(make.db, make.actor(author), form_id, clock())
    assert found is not None
    assert (found.path, list(found.fields), found.until) == ("/dossiers/x", FIELDS, clock() + LASTING)
    assert kept_form(make.db, make.actor(other), form_id, clock()) is None
    forget_form(make.db, form_id)
    assert kept_form(make.db, make.actor(author), form_id, clock()) is None


def test_a_form_lasts_a_quarter_of_an_hour_then_the_worker_takes_it_away(make: Make, clock: Clock) -> None:
    author = make.person("officer")
    form_id = keep_form(make.db, author.id, "/dossiers/x", FIELDS, at=clock())
    assert form_id is not None
    clock.forward(minutes=14, seconds=59)
    assert kept_form(make.db, make.actor(author), form_id, clock()) is not None
    purge_forms(make.db, clock())
    assert len(rows(make)) == 1
    clock.forward(seconds=1)
    assert kept_form(make.db, make.actor(author), form_id, clock()) is None
    purge_forms(make.db, clock())
    assert rows(make) == []


def test_the_newest_forms_of_a_person_are_kept_and_no_more(make: Make, clock: Clock) -> None:
    author, other = make.person("officer"), make.person("officer")
    keep_form(make.db, other.id, "/other", FIELDS, at=clock())
    for number in range(MOST + 2):
        clock.forward(seconds=1)
        keep_form(make.db, author.id, f"/{number}", FIELDS, at=clock())
    assert set(rows(make)) == {"/other", *(f"/{number}" for number in range(2, MOST + 2))}


def test_nothing_is_kept_for_who_has_no_access_any_more(make: Make, clock: Clock) -> None:
    author = make.person("officer")
    author.active = False
    make.db.flush()
    assert keep_form(make.db, author.id, "/dossiers/x", FIELDS, at=clock()) is None


def rows(make: Make) -> list[str]:
    return list(make.db.execute(select(KeptForm.path)).scalars())
