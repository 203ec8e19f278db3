"""Codes of the browser pages: made when a person agrees, exchanged once by the program that asked.

Source: RFC 7636.
"""

import secrets

from django.db import IntegrityError

from instica_desktop.server.domain.contacts import email_key
from instica_desktop.server.domain.pkce import verifies
from instica_desktop.server.domain.providers import Agreement
from instica_desktop.server.models import StandInAccount
from instica_desktop.server.operations.codes import BROWSER, issue_code, take_code
from instica_desktop.server.operations.hashing import fits, hash_of
from instica_desktop.server.storage.transactions import writing


def grant(agreement: Agreement, *, redirect_uri: str, challenge: str) -> str:
    """Return the code that goes back to the program."""
    facts = {**agreement.facts(), "redirect_uri": redirect_uri, "challenge": challenge}
    with writing():
        return issue_code(BROWSER, facts=facts)


def redeem(provider: str, code: str, *, redirect_uri: str, verifier: str) -> Agreement | None:
    """Use a code up and return what was agreed; None for any that does not fit.

    In a transaction of its own: a code presented with a wrong verifier is used up too, for then somebody
    else has seen it.
    """
    with writing():
        taken = take_code(BROWSER, code)
    if taken is None or taken.facts["provider"] != provider or taken.facts["redirect_uri"] != redirect_uri:
        return None
    if not verifies(verifier, taken.facts["challenge"]):
        return None
    return Agreement(provider, taken.facts["subject"], taken.facts["account_name"])


def stand_in_subject(provider: str, email: str, password: str) -> str | None:
    """Return the subject of an account at the stand-in, made at its first use; None for a wrong password.

    Errors: `Throttled`.
    """
    key = email_key(email) or ""
    account = StandInAccount.objects.filter(provider=provider, email_key=key).first()
    if account is not None:
        return account.subject if fits(password, account.password) else None
    hashed, subject = hash_of(password), secrets.token_hex(12)
    try:
        with writing():
            StandInAccount.objects.create(provider=provider, email_key=key, subject=subject, password=hashed)
    except IntegrityError:  # somebody else was first
        return None
    return subject


def shop_subject(account_name: str) -> str:
    """Return the subject of a shop at a marketplace's stand-in: the same name is the same shop."""
    return email_key(account_name) or ""
