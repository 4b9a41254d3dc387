"""People: inviting one, letting her in once, her password and her sessions."""

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.mail.notices import tell
from app.models import Invitation, Person, WebSession
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations.structures import give_mandate
from workflows.refused import Refused

INVITATION_LASTS = timedelta(days=7)
PURPOSE = "invitation"
#: OWASP's minimum for Argon2id: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Verified when the address is unknown, so that both answers cost the same.
NOBODY = HASHER.hash("une adresse inconnue coûte autant qu’une autre")
SHORTEST, LONGEST = 12, 128


def canonical_email(written: str) -> str:
    """One address, in one form: its case and its domain's alphabet make no second account.

    Raises `Refused("email_malformed")`.
    """
    try:
        checked = validate_email(written.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused("email_malformed") from error
    return checked.normalized.lower()


def invite(
    db: Session,
    *,
    name: str,
    email: str,
    role: str,
    structure_id: str | None = None,
    locale: str = "fr",
    zone: str = "Europe/Paris",
    fictional: bool = False,
    clock: Clock,
) -> Person:
    """Give a person a mandate; if she has no access yet, an invitation leaves by mail. Her open sessions end.

    Raises `Refused`: `email_malformed`, `role_incompatible`, `unknown_role`.
    """
    address = canonical_email(email)
    at = clock()
    person = db.execute(select(Person).where(Person.email == address)).scalar_one_or_none()
    known = person is not None
    if person is None:
        person = Person(
            id=new_id(),
            email=address,
            name=name.strip(),
            locale=locale,
            zone=zone,
            active=True,
            fictional=fictional,
            created_at=at,
        )
        db.add(person)
        db.flush()
    give_mandate(db, person, role, structure_id=structure_id, at=at)
    if known:
        end_sessions(db, person.id)
    if person.password is None:
        send_invitation(db, person, at=at, structure_id=structure_id)
    return person


def send_invitation(db: Session, person: Person, *, at: datetime, structure_id: str | None = None) -> Invitation:
    """Write a new invitation: the earlier ones stop working."""
    db.execute(
        update(Invitation).where(Invitation.person_id == person.id, Invitation.used_at.is_(None)).values(expires_at=at)
    )
    invitation = Invitation(
        id=new_id(),
        person_id=person.id,
        nonce=secrets.token_urlsafe(32),
        created_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    db.add(invitation)
    db.flush()
    values = {"invitation": invitation.id, "structure": structure_id}
    tell(db, Engine.INVITATION, [person.id], event=f"invitation:{invitation.id}", at=at, values=values)
    return invitation


def accept_invitation(db: Session, invitation_id: str, password_hash: str, *, clock: Clock) -> Person:
    """Let a person in, once. Its password was checked and hashed outside any transaction.

    Raises `Refused`: `invitation_used`, `invitation_expired`.
    """
    invitation = db.execute(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    at = clock()
    if invitation is None or invitation.expires_at <= at:
        raise Refused("invitation_used" if invitation and invitation.used_at else "invitation_expired")
    if invitation.used_at is not None:
        raise Refused("invitation_used")
    invitation.used_at = at
    person = db.get_one(Person, invitation.person_id)
    person.password = password_hash
    db.flush()
    return person


def refuse_weak_password(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Refuse a password that is short, endless, or guessed from the person's own words.

    Any composition is welcome, spaces and accents included. Raises `Refused`: `password_short`, `password_long`,
    `password_guessable`.
    """
    if len(password) < SHORTEST:
        raise Refused("password_short")
    if len(password) > LONGEST:
        raise Refused("password_long")
    plain = password.casefold()
    own = [word for text in about for word in text.casefold().replace("@", " ").split() if len(word) > 3]
    if len(set(plain)) < 5 or any(word in plain for word in (*own, "avise", "fabrique", "appellation")):
        raise Refused("password_guessable")


def hash_password(password: str) -> str:
    """Argon2id. Costly on purpose: never inside a transaction."""
    return HASHER.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether a password is the one stored; as slow when there is none."""
    try:
        return HASHER.verify(stored or NOBODY, password[: LONGEST + 1]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def change_password(db: Session, person_id: str, password_hash: str, *, but_session: str | None) -> None:
    """Store a new password and end the person's other sessions."""
    db.execute(update(Person).where(Person.id == person_id).values(password=password_hash))
    end_sessions(db, person_id, but=but_session)


def end_sessions(db: Session, person_id: str, *, but: str | None = None) -> None:
    """End a person's sessions, all but one: at sign-out everywhere, and at any change of password, mandate or role."""
    gone = delete(WebSession).where(WebSession.person_id == person_id)
    db.execute(gone.where(WebSession.id != but) if but else gone)
