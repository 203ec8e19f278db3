"""A browser on the server's pages: no key, cookies, and Django's CSRF for real."""

from typing import Any
from urllib.parse import urlencode

from tests.server.shop import HOST, Shop


def new_browser(**headers: str) -> Any:
    """Return a browser: no key, cookies, and Django's CSRF for real."""
    from django.test import Client

    return Client(enforce_csrf_checks=True, raise_request_exception=False, HTTP_HOST=HOST, **headers)


def path_of(url: str) -> str:
    assert url.startswith(f"http://{HOST}/accounts/billing/"), url
    return url.removeprefix(f"http://{HOST}")


def csrf_cookie() -> str:
    from django.conf import settings

    return settings.CSRF_COOKIE_NAME


def send_form(browser: Any, path: str, **fields: str) -> Any:
    """Open a page, then send its form as a browser does."""
    browser.get(path)
    token = browser.cookies[csrf_cookie()].value if csrf_cookie() in browser.cookies else ""
    body = urlencode({"csrfmiddlewaretoken": token, **fields})
    return browser.post(path, body, "application/x-www-form-urlencoded", HTTP_ORIGIN=f"http://{HOST}")


def open_checkout(shop: Shop, price_id: str = "price_pro_monthly") -> str:
    answer = shop.post("subscriptions/checkout/", {"price_id": price_id})
    assert answer.status_code == 200, answer.content
    return path_of(answer.json()["checkout_url"])


def buy(shop: Shop, price_id: str = "price_pro_monthly") -> None:
    paid = send_form(new_browser(), open_checkout(shop, price_id), card="visa")
    assert paid.status_code == 303, paid.content
