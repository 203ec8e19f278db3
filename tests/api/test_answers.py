"""Each status becomes one error of the tree, in words that name no status."""

import re
from typing import Any

import pytest

from instica_desktop.api.answers import Missing, error_for
from instica_desktop.api.transport import Response
from instica_desktop.core import errors

JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html; charset=utf-8"}


def error(status: int, body: bytes = b'{"detail": "No."}', headers: Any = JSON) -> Any:
    return error_for(Response(status, headers, body), what="GET /api/v1/x/")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, errors.NotInstica),
        (304, errors.NotInstica),
        (400, errors.ValidationFailed),
        (422, errors.ValidationFailed),
        (401, errors.SignedOut),
        (402, errors.PlanLapsed),
        (403, errors.Forbidden),
        (404, Missing),
        (405, Missing),
        (501, Missing),
        (407, errors.NotInstica),
        (408, errors.ServerTrouble),
        (409, errors.Clash),
        (412, errors.Clash),
        (413, errors.TooLarge),
        (415, errors.TooLarge),
        (418, errors.Rejected),
        (429, errors.Throttled),
        (500, errors.ServerTrouble),
        (502, errors.ServerTrouble),
        (503, errors.ServerTrouble),
        (504, errors.ServerTrouble),
        (507, errors.ServerFull),
        (599, errors.ServerTrouble),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[errors.InsticaError]) -> None:
    found = error(status)
    assert type(found) is kind
    assert not re.search(r"\d{3}", found.message), "no status code in words for people"
    assert found.message.endswith(".")
    assert "!" not in found.message
    assert str(status) in found.details
    if isinstance(found, errors.Rejected):
        assert found.status == status


@pytest.mark.parametrize("status", [401, 402, 403, 409, 412])
def test_a_proxy_s_refusal_is_not_instica_s(status: int) -> None:
    assert type(error(status, b"<html>", HTML)) is errors.NotInstica


def test_a_proxy_s_word_on_size_and_trouble_counts() -> None:
    assert type(error(413, b"<html>", HTML)) is errors.TooLarge
    assert type(error(502, b"<html>", HTML)) is errors.ServerTrouble


@pytest.mark.parametrize("status", [404, 405, 501])
def test_whose_word_it_is_that_something_is_missing_is_kept(status: int) -> None:
    mine, foreign = error(status), error(status, b"<html>Not Found</html>", HTML)
    assert (mine.own, mine.gone) == (True, status == 404)
    assert (foreign.own, foreign.gone) == (False, False)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (
            b'{"price_item_usd": ["Too low."], "name": ["a", "b"]}',
            {"price_item_usd": ("Too low.",), "name": ("a", "b")},
        ),
        (b'{"status": "Not a move."}', {"status": ("Not a move.",)}),
        (b'["Bad."]', {"non_field_errors": ("Bad.",)}),
        (b'{"detail": "Bad."}', {"non_field_errors": ("Bad.",)}),
        (b'{"artist": {"name": ["Empty."], "uid": null}}', {"artist": ("Empty.",)}),
        (b'{"tags": [["Long."], {"0": ["Odd."]}], "x": []}', {"tags": ("Long.", "Odd.")}),
        (b"Bad Request", {}),
        (b"", {}),
    ],
)
def test_field_errors_are_read_in_every_shape(body: bytes, fields: dict[str, tuple[str, ...]]) -> None:
    found = error(400, body)
    assert found.fields == fields
    assert found.message


def test_a_conflict_says_what_the_server_says() -> None:
    assert error(409, b'{"detail": "It still has items."}').message == "It still has items."
    assert "changed" in error(412).message


def test_a_conflict_keeps_what_else_is_said() -> None:
    assert error(409, b'{"detail": "Ask.", "also_on": [{"uid": "o"}]}').more == {"also_on": [{"uid": "o"}]}
    assert error(409, b'["x"]').more == {}


@pytest.mark.parametrize("name", ["x-request-id", "request-id", "x-correlation-id", "cf-ray"])
def test_the_request_id_is_kept_for_support(name: str) -> None:
    found = error(500, b"oops", {name: "r-1"})
    assert found.request_id == "r-1"
    assert "r-1" in found.details


def test_a_long_answer_is_cut_in_the_details() -> None:
    assert len(error(500, b'{"detail": "' + b"x" * 9000 + b'"}').details) < 600
