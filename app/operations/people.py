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
from app.models import STAFF_ROLES, Invitation, Mandate, Message, Person, WebSession
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations.sign_in import end_links
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


def reopen_access(db: Session, person_id: str, *, by: str | None, clock: Clock) -> None:
    """Close the access of somebody of the team who has lost her password, and invite her anew.

    The old password opens nothing from now on; her second factor is still asked after the invitation. Raises
    `Refused`: `gone`, `own_role`.
    """
    at = clock()
    person = db.execute(
        select(Person)
        .join(Mandate, Mandate.person_id == Person.id)
        .where(Person.id == person_id, Person.active, Mandate.role.in_(STAFF_ROLES), Mandate.until.is_(None))
        .with_for_update(key_share=True, of=Person)
        .limit(1)
    ).scalar_one_or_none()
    if person is None:
        raise Refused("gone")
    if person_id == by:
        raise Refused("own_role")
    person.password = None
    end_sessions(db, person_id)
    end_links(db, person_id, at)
    send_invitation(db, person, at=at)


def newest_invitation(db: Session, person_id: str) -> Invitation | None:
    """The invitation a person may still use; none once she has opened her access."""
    asked = select(Invitation).where(Invitation.person_id == person_id, Invitation.used_at.is_(None))
    return db.execute(asked.order_by(Invitation.expires_at.desc()).limit(1)).scalar_one_or_none()


def person_of(db: Session, email: str) -> Person:
    """Whose address it is. Raises `Refused`: `email_malformed`, `gone`."""
    found = db.execute(select(Person).where(Person.email == canonical_email(email))).scalar_one_or_none()
    if found is None:
        raise Refused("gone")
    return found


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


def tell_reuse(db: Session, invitation_id: str, *, clock: Clock) -> None:
    """Tell the owner of an invitation that somebody tried to use it again: once a day at most."""
    person = db.execute(
        select(Person.id)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(Invitation.id == invitation_id, Invitation.used_at.is_not(None))
        .with_for_update(key_share=True, of=Person)
    ).scalar_one_or_none()
    at = clock()
    event = f"invitation_reused:{invitation_id}:{at.date().isoformat()}"
    told = select(Message.id).where(Message.event == event)
    if person is not None and db.execute(told).first() is None:
        tell(db, Engine.INVITATION_REUSED, [person], event=event, at=at)


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


def change_password(db: Session, person_id: str, password_hash: str, *, but_session: str | None, clock: Clock) -> None:
    """Store a new password, end the person's other sessions and her mailed links, and tell her."""
    at = clock()
    db.execute(update(Person).where(Person.id == person_id).values(password=password_hash))
    end_sessions(db, person_id, but=but_session)
    end_links(db, person_id, at)
    tell(db, Engine.PASSWORD_CHANGED, [person_id], event=f"password:{new_id()}", at=at)


def needs_rehash(stored: str) -> bool:
    """Whether a password was hashed at another cost than today's."""
    return HASHER.check_needs_rehash(stored)


def replace_hash(db: Session, person_id: str, stored: str, fresh: str) -> None:
    """Keep the same password at today's cost, unless it has changed meanwhile."""
    db.execute(update(Person).where(Person.id == person_id, Person.password == stored).values(password=fresh))


def end_sessions(db: Session, person_id: str, *, but: str | None = None) -> None:
    """End a person's sessions, all but one: at sign-out everywhere, and at any change of password, mandate or role."""
    gone = delete(WebSession).where(WebSession.person_id == person_id)
    db.execute(gone.where(WebSession.id != but) if but else gone)
