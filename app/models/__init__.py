"""The tables, one noun a file."""

from app.models.base import Base
from app.models.decision import Appellation, Decision, Reserve
from app.models.dossier import Answer, Dossier, Instructor, Piece, Strand
from app.models.journal import Access, Entry, Opening
from app.models.label_version import LabelVersion
from app.models.outbox import DemoMail, Message
from app.models.person import STAFF_ROLES, STRUCTURE_ROLES, Invitation, Mandate, Person, Throttle, WebSession
from app.models.poll import Ballot, Link, Poll, Seat
from app.models.structure import Collective, NetworkStatus, Structure, StructureName, Territory

__all__ = [
    "STAFF_ROLES",
    "STRUCTURE_ROLES",
    "Access",
    "Answer",
    "Appellation",
    "Ballot",
    "Base",
    "Collective",
    "Decision",
    "DemoMail",
    "Dossier",
    "Entry",
    "Instructor",
    "Invitation",
    "LabelVersion",
    "Link",
    "Mandate",
    "Message",
    "NetworkStatus",
    "Opening",
    "Person",
    "Piece",
    "Poll",
    "Reserve",
    "Seat",
    "Strand",
    "Structure",
    "StructureName",
    "Territory",
    "Throttle",
    "WebSession",
]
