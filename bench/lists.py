"""P1: the list of dossiers, with few and with many, on its first page and deep in it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from app.clock import utc_now
from app.models import Dossier, Structure
from app.models.base import new_id
from app.queries.keyset import written
from bench.house import House, house
from bench.rounds import Seconds, interleaved, typical
from bench.table import Line, judged, not_yet
from bench.visitor import Visitor, counted
from tests.database import Server
from tests.make import Make

FEW, MANY, READS, ROUNDS = 30, 3_000, 10, 9
MOST, GROWTH = 8, 1.15
GOAL = f"≤ {MOST} statements, constant; time × ≤ {GROWTH}"
PATH = "/avise/dossiers"


class List:
    """The list of a house with so many dossiers, opened one a minute, as an officer reads it."""

    def __init__(self, of: House, number: int) -> None:
        at = utc_now()
        self.moments = [at - timedelta(minutes=minute) for minute in range(number)]
        with of.making() as make:
            officer = make.officer().id
            last = fill(make, self.moments, officer)
        self.database, self.visitor = of.database, Visitor(of.app, of.signed_in(officer))
        self.deep = f"{PATH}?{urlencode({'apres': last})}"
        self.marks = {PATH: "2020-00000", self.deep: f"2020-{number * 9 // 10 + 1:05d}"}

    def is_there(self, path: str) -> bool:
        """Whether the page shows the dossier it should begin with."""
        answer = self.visitor.get(path)
        return answer.status == 200 and self.marks[path] in answer.body

    def statements(self, path: str) -> list[str]:
        with counted(self.database) as work:
            self.visitor.get(path)
        return work.statements

    def read(self, path: str) -> Callable[[], Seconds]:
        return lambda: [self.visitor.time_to(path) for _ in range(READS)]


def fill(make: Make, moments: list[datetime], officer: str) -> str:
    """Write a dossier for each moment; gives the cursor of the one that nine tenths of them come before."""
    version = make.label_version()
    structures = [
        Structure(
            id=new_id(),
            slug=f"atelier-{number}",
            name=f"Les Ateliers nº {number}",
            sort_key=f"les ateliers nº {number}",
            register="fictional",
            created_at=moment,
        )
        for number, moment in enumerate(moments)
    ]
    dossiers = [
        Dossier(
            id=new_id(),
            reference=f"2020-{number:05d}",
            structure_id=structures[number].id,
            label_version_id=version.id,
            entry="creation",
            stage="renseignement",
            stage_since=moment,
            officer_id=officer,
            opened_at=moment,
        )
        for number, moment in enumerate(moments)
    ]
    make.db.add_all(structures)
    make.db.flush()
    make.db.add_all(dossiers)
    edge = dossiers[len(dossiers) * 9 // 10]
    return written(edge.opened_at, edge.id)


def measure(server: Server) -> list[Line]:
    with house(server) as small, house(server) as large:
        few, many = List(small, FEW), List(large, MANY)
        if not (few.is_there(PATH) and many.is_there(PATH) and many.is_there(many.deep)):
            return [not_yet("P1", f"no list of dossiers at {PATH}", GOAL)]
        asked = [len(of.statements(path)) for of, path in ((few, PATH), (many, PATH), (many, many.deep))]
        found = interleaved(
            {"few": few.read(PATH), "many": many.read(PATH), "deep": many.read(many.deep)},
            ROUNDS,
        )
    first, page, deep = (1000 * typical(found[name]) for name in ("few", "many", "deep"))
    figure = (
        f"{asked[0]}, {asked[1]} and {asked[2]} statements; {first:.1f} ms at {FEW}, "
        f"{page:.1f} ms at {MANY:,} (× {page / first:.2f}), deep {deep:.1f} ms (× {deep / page:.2f})"
    )
    constant = len(set(asked)) == 1 and asked[0] <= MOST
    return [judged("P1", figure, GOAL, constant and page <= GROWTH * first and deep <= GROWTH * page)]
