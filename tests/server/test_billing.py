"""Buying a plan on the stand-in's pages, and managing it there."""

from typing import Any

import pytest

from tests.server.billing_pages import buy, csrf_cookie, new_browser, open_checkout, path_of, send_form
from tests.server.shop import Shop

PRO = {"price_id": "price_pro_monthly"}


def _status(shop: Shop) -> dict[str, Any]:
    return shop.get("subscriptions/status/").json()


def _invoices(shop: Shop) -> list[dict[str, Any]]:
    return shop.get("subscriptions/invoices/").json()["results"]


def _cards(shop: Shop) -> list[dict[str, Any]]:
    return shop.get("subscriptions/payment-methods/").json()["results"]


def test_a_plan_is_bought_in_the_browser(shop: Shop) -> None:
    path = open_checkout(shop)
    browser = new_browser(HTTP_SEC_FETCH_SITE="none")
    page = browser.get(path)
    assert "stands in for a payment provider" in page.content.decode()
    assert "29.00 USD" in page.content.decode()
    assert "form-action 'self'" in page["Content-Security-Policy"]
    assert page["Referrer-Policy"] == "same-origin"  # else a browser would send the form without its origin
    assert _status(shop)["plan"] is None  # looking buys nothing
    paid = send_form(browser, path, card="visa")
    assert (paid.status_code, paid["Location"]) == (303, path)
    assert "The plan Pro is active" in browser.get(path).content.decode()
    status = _status(shop)
    assert (status["is_active"], status["billing_provider"]) == (True, "stripe")
    assert status["plan"]["slug"] == "pro"
    assert status["cancel_at_period_end"] is False
    (invoice,) = _invoices(shop)
    assert set(invoice) == {"uid", "number", "amount", "currency", "status", "issued_at", "pdf_url"}
    assert (invoice["amount"], invoice["currency"], invoice["status"]) == ("29.00", "USD", "paid")
    (card,) = _cards(shop)
    assert set(card) == {"uid", "brand", "last4", "is_default", "created"}
    assert (card["brand"], card["last4"], card["is_default"]) == ("Visa", "4242", True)


def test_the_invoice_can_be_printed_without_a_key(shop: Shop) -> None:
    buy(shop)
    invoice = _invoices(shop)[0]
    page = new_browser().get(path_of(invoice["pdf_url"]))
    assert page.status_code == 200
    assert invoice["number"] in page.content.decode()
    assert shop.organization.display_name in page.content.decode()
    assert (
        new_browser().get(path_of(invoice["pdf_url"]).replace("invoices/", "invoices/x")).status_code == 404
    )


def test_paying_twice_charges_once(shop: Shop) -> None:
    path, browser = open_checkout(shop), new_browser()
    assert send_form(browser, path, card="visa").status_code == 303
    assert send_form(browser, path, card="amex").status_code == 303
    assert len(_invoices(shop)) == len(_cards(shop)) == 1


def test_a_declined_card_buys_nothing(shop: Shop) -> None:
    path, browser = open_checkout(shop), new_browser()
    declined = send_form(browser, path, card="declined")
    assert declined.status_code == 400
    assert "The card was declined" in declined.content.decode()
    assert _status(shop)["plan"] is None
    assert _cards(shop) == _invoices(shop) == []
    assert send_form(browser, path, card="mastercard").status_code == 303
    assert _status(shop)["is_active"] is True


@pytest.mark.parametrize("fields", [{}, {"card": "gold"}, {"card": "\x00"}, {"card": "é"}])
def test_a_form_without_a_card_is_answered_with_words(shop: Shop, fields: dict[str, str]) -> None:
    answer = send_form(new_browser(), open_checkout(shop), **fields)
    assert answer.status_code == 400
    assert "Choose a card." in answer.content.decode()


@pytest.mark.allow_log(r"WARNING django.security.csrf: Forbidden")
def test_a_form_from_elsewhere_is_refused(shop: Shop) -> None:
    path, browser = open_checkout(shop), new_browser()
    form = "application/x-www-form-urlencoded"
    blind = browser.post(path, "card=visa", form)
    assert blind.status_code == 403
    assert blind["Content-Type"].startswith("text/html")
    browser.get(path)
    body = f"card=visa&csrfmiddlewaretoken={browser.cookies[csrf_cookie()].value}"
    assert browser.post(path, body, form, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert browser.post(path, '{"card": "visa"}', "application/json").status_code == 415
    assert browser.put(path, body, form).status_code in (403, 405)
    assert _status(shop)["plan"] is None


def test_the_pages_answer_only_under_their_own_host(shop: Shop) -> None:
    assert new_browser().get(open_checkout(shop), HTTP_HOST="evil.example:8000").status_code == 400


@pytest.mark.parametrize("kind", ["checkout", "portal", "invoices"])
@pytest.mark.parametrize("token", ["x", "%00", "a:b:c", "%F0%9F%98%80", "y" * 3000])
def test_a_token_that_is_none_shows_nothing(shop: Shop, kind: str, token: str) -> None:
    assert new_browser().get(f"/accounts/billing/{kind}/{token}/").status_code == 404


def test_a_purchase_must_be_paid_within_the_hour(shop: Shop) -> None:
    from django.utils import timezone

    from instica_desktop.server.models import Checkout

    path, browser = open_checkout(shop), new_browser()
    browser.get(path)  # and its form lies open
    row = Checkout.objects.get(organization=shop.organization)
    assert path.split("/")[-2] not in " ".join(str(value) for value in vars(row).values())
    Checkout.objects.filter(pk=row.pk).update(expires=timezone.now())
    assert send_form(browser, path, card="visa").status_code == 404
    assert _status(shop)["plan"] is None


@pytest.mark.parametrize("price_id", ["", "price_none", None, 5, ["price_pro_monthly"], "x" * 101, "a\x00"])
def test_a_price_that_is_none_is_named(shop: Shop, price_id: Any) -> None:
    answer = shop.post("subscriptions/checkout/", {"price_id": price_id})
    assert list(shop.errors(answer)) == ["price_id"]


def test_the_plan_one_has_is_not_sold_again_but_another_is(shop: Shop) -> None:
    buy(shop)
    assert list(shop.errors(shop.post("subscriptions/checkout/", PRO))) == ["price_id"]
    buy(shop, "price_business_yearly")
    status = _status(shop)
    assert status["plan"]["slug"] == "business"
    assert [invoice["amount"] for invoice in _invoices(shop)] == ["790.00", "29.00"]


def test_a_checkout_is_not_replayed(shop: Shop) -> None:
    first = shop.post("subscriptions/checkout/", PRO, HTTP_IDEMPOTENCY_KEY="buy")
    again = shop.post("subscriptions/checkout/", PRO, HTTP_IDEMPOTENCY_KEY="buy")
    assert (first.status_code, again.status_code) == (200, 409)


def test_cancelling_and_resuming(shop: Shop) -> None:
    for act in ("cancel", "resume"):
        assert shop.post(f"subscriptions/{act}/").status_code == 409
    buy(shop)
    end = _status(shop)["current_period_end"]
    for _ in range(2):
        cancelled = shop.post("subscriptions/cancel/").json()
        assert (cancelled["cancel_at_period_end"], cancelled["is_active"]) == (True, True)
        assert cancelled["current_period_end"] == end
    for _ in range(2):
        assert shop.post("subscriptions/resume/").json()["cancel_at_period_end"] is False


def test_the_card_of_a_running_plan_stays(shop: Shop) -> None:
    buy(shop)
    (card,) = _cards(shop)
    path = f"subscriptions/payment-methods/{card['uid']}/"
    refused = shop.delete(path)
    assert refused.status_code == 409
    assert "Add another one first" in refused.json()["detail"]
    shop.post("subscriptions/cancel/")
    assert shop.delete(path).status_code == 204
    assert shop.post("subscriptions/resume/").status_code == 409
    assert shop.delete(path).status_code == 404


def _portal(shop: Shop) -> str:
    return path_of(shop.post("subscriptions/portal/").json()["portal_url"])


def test_the_portal_manages_the_subscription(shop: Shop) -> None:
    buy(shop)
    path, browser = _portal(shop), new_browser()
    assert "Visa ending in 4242 (default)" in browser.get(path).content.decode()
    assert send_form(browser, path, do="cancel").status_code == 303
    assert _status(shop)["cancel_at_period_end"] is True
    assert "which ends on" in browser.get(path).content.decode()
    assert send_form(browser, path, do="resume").status_code == 303
    assert send_form(browser, path, do="add", card="amex").status_code == 303
    visa, amex = _cards(shop)
    assert (visa["is_default"], amex["is_default"]) == (False, True)
    assert send_form(browser, path, do="default", method=visa["uid"]).status_code == 303
    assert shop.post(f"subscriptions/payment-methods/{amex['uid']}/default/").json()["is_default"] is True
    assert send_form(browser, path, do="remove", method=amex["uid"]).status_code == 303
    assert [(card["last4"], card["is_default"]) for card in _cards(shop)] == [("4242", True)]


def test_the_portal_says_what_went_wrong(shop: Shop, other_shop: Shop) -> None:
    buy(other_shop)
    path, browser = _portal(shop), new_browser()
    assert "has no plan" in browser.get(path).content.decode()
    theirs = _cards(other_shop)[0]["uid"]
    for fields, words in (
        ({"do": "cancel"}, "There is no running subscription."),
        ({"do": "remove", "method": theirs}, "This card is not there any more."),
        ({"do": "default", "method": "\x00"}, "This card is not there any more."),
        ({"do": "add", "card": "declined"}, "The card was declined."),
        ({"do": "dance"}, "Choose what to do."),
        ({}, "Choose what to do."),
    ):
        answer = send_form(browser, path, **fields)
        assert answer.status_code == 400, fields
        assert words in answer.content.decode()
    assert len(_cards(other_shop)) == 1


def test_a_name_is_text_on_a_page(shop: Shop) -> None:
    shop.patch(f"organization/{shop.organization.uid}/", {"display_name": "<script>alert(1)</script>"})
    assert "<script>" not in new_browser().get(_portal(shop)).content.decode()
