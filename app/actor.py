"""Who is asking: a person, with every mandate she holds now."""

from dataclasses import dataclass

BINDING = frozenset({"titulaire", "suppleance", "signature"})
SIGNING = frozenset({"titulaire", "signature"})
VOTING = frozenset({"titulaire", "suppleance"})


@dataclass(frozen=True)
class Capacity:
    """One mandate in force: for a structure, in a role."""

    structure_id: str
    structure: str
    role: str


@dataclass(frozen=True)
class Actor:
    """Who is asking, with every mandate she holds now. Flask-Login's protocol is its last four members."""

    id: str | None = None
    name: str = ""
    email: str = ""
    locale: str = "fr"
    zone: str = "Europe/Paris"
    staff: frozenset[str] = frozenset()
    capacities: tuple[Capacity, ...] = ()
    is_active: bool = True

    def roles_in(self, structure_id: str | None) -> frozenset[str]:
        return frozenset(c.role for c in self.capacities if c.structure_id == structure_id)

    def voices(self) -> dict[str, str]:
        """The structures she may vote for: identifier → name."""
        return {c.structure_id: c.structure for c in self.capacities if c.role in VOTING}

    @property
    def is_authenticated(self) -> bool:
        return self.id is not None

    @property
    def is_anonymous(self) -> bool:
        return self.id is None

    def get_id(self) -> str | None:
        return self.id


NOBODY = Actor()
