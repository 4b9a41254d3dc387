"""The tables, one noun a file."""

from app.models.agreement import Agreement
from app.models.base import Base
from app.models.decision import Appellation, Decision, Reserve
from app.models.dossier import Answer, Dossier, Instructor, Piece, Strand
from app.models.draft import Draft, KeptForm
from app.models.enquiry import Enquiry, Greeter
from app.models.exchange import Exchange
from app.models.hold import Hold
from app.models.joint import CoAuthor, JointFile
from app.models.journal import Access, Entry, Opening
from app.models.label_version import LabelVersion
from app.models.outbox import DemoMail, Message
from app.models.person import STAFF_ROLES, STRUCTURE_ROLES, Invitation, Mandate, Person, Throttle, WebSession
from app.models.poll import Ballot, Link, Poll, Seat
from app.models.question import Question
from app.models.sign_in import SecondFactor, SignInLink
from app.models.sitting import Sitting
from app.models.structure import Collective, NetworkStatus, Structure, StructureName, Territory

__all__ = [
    "STAFF_ROLES",
    "STRUCTURE_ROLES",
    "Access",
    "Agreement",
    "Answer",
    "Appellation",
    "Ballot",
    "Base",
    "CoAuthor",
    "Collective",
    "Decision",
    "DemoMail",
    "Dossier",
    "Draft",
    "Enquiry",
    "Entry",
    "Exchange",
    "Greeter",
    "Hold",
    "Instructor",
    "Invitation",
    "JointFile",
    "KeptForm",
    "LabelVersion",
    "Link",
    "Mandate",
    "Message",
    "NetworkStatus",
    "Opening",
    "Person",
    "Piece",
    "Poll",
    "Question",
    "Reserve",
    "Seat",
    "SecondFactor",
    "SignInLink",
    "Sitting",
    "Strand",
    "Structure",
    "StructureName",
    "Territory",
    "Throttle",
    "WebSession",
]
