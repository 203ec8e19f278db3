"""A shop this computer knows: an account on a server, or the local shop."""

import hashlib
from enum import StrEnum

import msgspec


class AccountKind(StrEnum):
    """Where a shop lives."""

    REMOTE = "remote"
    LOCAL = "local"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One shop. `id` names its folder and keyring entry; `key_digest` finds it from a key when offline."""

    id: str
    base_url: str
    label: str = ""
    kind: AccountKind = AccountKind.REMOTE
    user_uid: str = ""
    key_digest: str = ""

    @property
    def signed_out(self) -> bool:
        """Whether its key was given back; what was not sent yet is still here."""
        return self.kind is AccountKind.REMOTE and not self.key_digest


LOCAL_ID = "local"


def account_id(origin: str, user_uid: str) -> str:
    """Return the id of a user on a server: a hash, since uids are opaque and ids become folder names."""
    return hashlib.sha256(f"{origin}\n{user_uid}".encode()).hexdigest()[:24]


def key_digest(key: str) -> str:
    """Return a digest by which a key is recognised without being stored. Keys are long and random."""
    return hashlib.sha256(f"instica-desktop key\n{key}".encode()).hexdigest()[:32]
