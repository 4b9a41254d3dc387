"""The second factor: a code that changes every thirty seconds (RFC 6238), and recovery codes for the day it is lost.

Each time step and each recovery code serves once. Two administrators together take a lost one away.
"""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

from pyotp import TOTP
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.clock import Clock
from app.keys import Keys
from app.mail.notices import staff, tell
from app.models import Person, SecondFactor
from app.models.base import new_id
from app.models.outbox import Engine
from app.operations.people import end_sessions
from workflows.refused import Refused

PURPOSE = "second factor"
STEP = 30  # seconds
WINDOW = (0, -1, 1)
HOW_MANY = 10
#: 24 signs among 32: 120 bits, so that a plain hash is enough (ASVS 5.0, 6.5.2).
SIGNS, LENGTH = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 24


def drafted_secret(keys: Keys, person_id: str, nonce: str) -> str:
    """The secret that an enrolment proposes, made again from its nonce: nothing is stored until it is confirmed."""
    message = f"{person_id}\x1f{nonce}".encode()
    return b32encode(hmac.new(keys.purpose("second factor draft"), message, sha256).digest()[:20]).decode()


def matching_step(secret: str, typed: str, at: datetime, *, after: int = 0) -> int | None:
    """The time step whose code was typed: this one, the one before or the next, later than the last that served."""
    clock, now = TOTP(secret), int(at.timestamp()) // STEP
    for step in (now + shift for shift in WINDOW):
        if step > after and hmac.compare_digest(clock.generate_otp(step).encode(), typed.encode()):
            return step
    return None


def plain(typed: str) -> str:
    """A code without the spaces and hyphens it may be typed with."""
    return "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())


def add_second_factor(
    db: Session, person_id: str, secret: str, typed: str, *, keys: Keys, clock: Clock
) -> tuple[str, ...]:
    """Keep a proposed secret once its code was typed. Returns the recovery codes, to be shown once.

    Raises `Refused`: `code_wrong`, `second_factor_held`.
    """
    db.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)).one()
    at = clock()
    if lock_factor(db, person_id) is not None:
        raise Refused("second_factor_held")
    step = matching_step(secret, plain(typed), at)
    if step is None:
        raise Refused("code_wrong")
    codes = draw_codes()
    db.add(
        SecondFactor(
            person_id=person_id,
            secret=keys.seal(PURPOSE, person_id, secret),
            created_at=at,
            confirmed_at=at,
            last_step=step,
            recovery=[hashed(code) for code in codes],
        )
    )
    tell_change(db, person_id, "added", at)
    return codes


def check_second_factor(db: Session, person_id: str, typed: str, *, keys: Keys, clock: Clock) -> bool:
    """Whether a code, or a recovery code, is right; it serves once. She has lost nothing then: a removal lapses."""
    factor = lock_factor(db, person_id)
    if factor is None:
        return False
    at, code = clock(), plain(typed)
    step = matching_step(keys.unseal(PURPOSE, person_id, factor.secret), code, at, after=factor.last_step)
    recovered = hashed(code) in factor.recovery
    if step is not None:
        factor.last_step = step
    elif recovered:
        factor.recovery = [kept for kept in factor.recovery if kept != hashed(code)]
        tell_change(db, person_id, "recovered", at)
    else:
        return False
    factor.removal_by, factor.removal_at = None, None
    db.flush()
    return True


def renew_codes(db: Session, person_id: str, *, clock: Clock) -> tuple[str, ...]:
    """Draw ten new recovery codes; the earlier ones open nothing any more. Raises `Refused("gone")`."""
    factor = held(db, person_id)
    codes = draw_codes()
    factor.recovery = [hashed(code) for code in codes]
    tell_change(db, person_id, "codes", clock())
    return codes


def remove_second_factor(db: Session, person_id: str, *, but_session: str | None = None, clock: Clock) -> None:
    """Take a second factor away and end the sessions of its person, all but one. Raises `Refused("gone")`."""
    held(db, person_id)
    db.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    end_sessions(db, person_id, but=but_session)
    tell_change(db, person_id, "removed", clock())


def ask_removal(db: Session, person_id: str, *, by: Actor, clock: Clock) -> None:
    """Ask that somebody's lost second factor be taken away: another administrator confirms.

    Raises `Refused`: `gone`, `own_second_factor`, `removal_asked`.
    """
    factor = held(db, person_id)
    if person_id == by.id:
        raise Refused("own_second_factor")
    if factor.removal_by is not None:
        raise Refused("removal_asked")
    at = clock()
    factor.removal_by, factor.removal_at = by.id, at
    db.flush()
    others = [one for one in staff(db, "administrator", at) if one not in {by.id, person_id}]
    values = {"person": person_id, "by": by.id}
    tell(db, Engine.SECOND_FACTOR_LOST, others, event=f"second_factor_lost:{new_id()}", at=at, values=values)
    tell_change(db, person_id, "removal_asked", at)


def confirm_removal(db: Session, person_id: str, *, by: Actor, clock: Clock) -> None:
    """Take away the second factor that another administrator asked to remove.

    Raises `Refused`: `gone`, `own_second_factor`, `removal_not_asked`, `same_administrator`.
    """
    factor = held(db, person_id)
    if person_id == by.id:
        raise Refused("own_second_factor")
    if factor.removal_by is None:
        raise Refused("removal_not_asked")
    if factor.removal_by == by.id:
        raise Refused("same_administrator")
    remove_second_factor(db, person_id, clock=clock)


def held(db: Session, person_id: str) -> SecondFactor:
    """A second factor, under its lock. Raises `Refused("gone")` when there is none."""
    factor = lock_factor(db, person_id)
    if factor is None:
        raise Refused("gone")
    return factor


def lock_factor(db: Session, person_id: str) -> SecondFactor | None:
    """Read a second factor again, under its lock."""
    return db.execute(
        select(SecondFactor)
        .where(SecondFactor.person_id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def draw_codes() -> tuple[str, ...]:
    return tuple("".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(HOW_MANY))


def hashed(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def tell_change(db: Session, person_id: str, what: str, at: datetime) -> None:
    """Tell a person what became of her second factor, whoever did it."""
    event = f"second_factor:{new_id()}"
    tell(db, Engine.SECOND_FACTOR_CHANGED, [person_id], event=event, at=at, values={"what": what})
