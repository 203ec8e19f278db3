"""A team for a test: people with a key each in one organization, and the mail they get."""

import re
from dataclasses import replace
from typing import Any

from tests.server.shop import HOST, Shop


def join(shop: Shop, role: str, data_email: str = "") -> Shop:
    """Put a fresh person into the shop's organization; returns the shop as that person sees it."""
    from instica_desktop.server.models import ApiKey, Membership, User

    person = Shop.new(shop.data_dir)
    User.objects.filter(pk=person.user.pk).update(organization=shop.organization, email=data_email)
    ApiKey.objects.filter(user=person.user).update(organization=shop.organization)
    Membership.objects.filter(user=person.user).delete()
    Membership.objects.create(user=person.user, organization=shop.organization, role=role)
    person.user.refresh_from_db()
    return replace(person, organization=shop.organization)


def signed_in(shop: Shop) -> Shop:
    """Return a shop as its person sees it who has signed in: with a token, not a key."""
    from django.test import Client

    from instica_desktop.server.web.keys import issue_token

    bearer = f"Bearer {issue_token(shop.user)}"
    client = Client(raise_request_exception=False, HTTP_HOST=HOST, HTTP_AUTHORIZATION=bearer)
    return replace(shop, client=client)


def place_of(shop: Shop) -> Any:
    """Return the membership row of a shop's person in its organization."""
    from instica_desktop.server.models import Membership

    return Membership.objects.get(user=shop.user, organization=shop.organization)


def give_email(shop: Shop, email: str) -> str:
    """Give a shop's person a mail address."""
    shop.user.email = email
    shop.user.save()
    return email


def code_in(mail: Any) -> str:
    """Return the code of an invitation's mail."""
    found = re.search(r"^[\w-]{40,}$", mail.body, re.MULTILINE)
    assert found
    return found[0]
