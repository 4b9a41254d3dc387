"""Every key of the house and what it does.

One secret from the environment gives, by HKDF, one key for each purpose; a purpose's key is useless for another. The
Ed25519 key that signs receipts and heads is a file of its own, because its public half is handed out.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import config

RECEIPT = b"appellation/receipt"
HEAD = b"appellation/head"


@dataclass(frozen=True)
class Keys:
    """The keys of a running house."""

    secret: bytes
    signing: Ed25519PrivateKey

    def purpose(self, name: str) -> bytes:
        """The 32-byte key of one purpose."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=name.encode()).derive(self.secret)

    def token(self, purpose: str, subject: str, expires: int, nonce: str) -> str:
        """A link's token: nothing stored lets anybody make it again.

        `expires` is in seconds since 1970, UTC.
        """
        message = "\x1f".join((purpose, subject, str(expires), nonce)).encode()
        return hmac.new(self.purpose("token"), message, hashlib.sha256).hexdigest()

    def code(self, purpose: str, subject: str, expires: int, nonce: str) -> str:
        """Six digits to type where a token cannot be clicked, made again each time like the token."""
        message = "\x1f".join((purpose, subject, str(expires), nonce)).encode()
        drawn = hmac.new(self.purpose("code"), message, hashlib.sha256).digest()
        return f"{int.from_bytes(drawn) % 1_000_000:06d}"

    def seal(self, purpose: str, subject: str, plain: str) -> str:
        """Cipher a secret that must be read again (AES-GCM); it opens for the same purpose and subject alone."""
        nonce = os.urandom(12)
        closed = AESGCM(self.purpose(purpose)).encrypt(nonce, plain.encode(), subject.encode())
        return base64.urlsafe_b64encode(nonce + closed).decode()

    def unseal(self, purpose: str, subject: str, sealed: str) -> str:
        """Read a sealed secret. Raises `cryptography.exceptions.InvalidTag` when it was sealed for anything else."""
        raw = base64.urlsafe_b64decode(sealed)
        return AESGCM(self.purpose(purpose)).decrypt(raw[:12], raw[12:], subject.encode()).decode()

    def sign(self, domain: bytes, digest: str) -> str:
        """Sign a hash of the journal, in hexadecimal."""
        return self.signing.sign(domain + bytes.fromhex(digest)).hex()

    def signed(self, domain: bytes, digest: str, signature: str) -> bool:
        """Whether this house signed that hash."""
        return verify(self.signing.public_key(), domain, digest, signature)

    def public(self) -> str:
        """The public half of the signing key, in hexadecimal."""
        raw, form = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        return self.signing.public_key().public_bytes(raw, form).hex()


def verify(public: Ed25519PublicKey, domain: bytes, digest: str, signature: str) -> bool:
    try:
        public.verify(bytes.fromhex(signature), domain + bytes.fromhex(digest))
    except (InvalidSignature, ValueError):
        return False
    return True


def create_signing_key(path: Path) -> bool:
    """Make the signing key, readable by its owner alone. False if there is one already: it is never replaced."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    return True


def read_keys(secret_key: str, signing_key_file: Path) -> Keys:
    """Read the keys. Raises `FileNotFoundError` when the signing key has not been made."""
    signing = serialization.load_pem_private_key(signing_key_file.read_bytes(), password=None)
    if not isinstance(signing, Ed25519PrivateKey):
        raise ValueError(f"{signing_key_file.name} is not an Ed25519 key")
    return Keys(secret_key.encode(), signing)


if __name__ == "__main__":
    made = create_signing_key(config.parsed(os.environ).signing_key_file)
    print("Made the signing key." if made else "There is a signing key already.")  # noqa: T201  # a command speaks
