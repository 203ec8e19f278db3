"""Looking a release up: one, several or none; codes without separators; words as everywhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.fixture import CATALOGUE
from tests.server.shop import Shop

_FEW = """artist,title,label,catalogue_number,year,format,country,barcode,genres,discogs_release_id
Miles Davis,Kind of Blue,Columbia,CS 8163,1959,LP,US,,Jazz|Modal,
Miles Davis,Kind of Blue,Columbia,CK 64935,1997,CD,US,074646493526,Jazz|Modal,
細野晴臣,はらいそ,Alfa,ALR-6001,1978,LP,JP,,Pop,
Sigur Rós,Ágætis byrjun,Smekkleysa,SM 67,1999,2×LP,IS,5690538000321,Rock|Post Rock,123
"""


@pytest.fixture
def looked_up(shop: Shop, tmp_path: Path) -> Iterator[Any]:
    """A function that looks terms up in a small catalogue."""
    from django.test import override_settings

    path = tmp_path / "few.csv"
    path.write_text(_FEW, encoding="utf-8")

    def look_up(**terms: str) -> list[dict[str, Any]]:
        response = shop.get("catalog/search/", terms)
        assert response.status_code == 200, response.content
        return response.json()

    with override_settings(SHOP_CATALOGUE=path):
        yield look_up


def numbers(found: list[dict[str, Any]]) -> list[str]:
    return [release["catalog_number"] for release in found]


def test_a_barcode_finds_one_release(looked_up: Any) -> None:
    for code in ("5690538000321", "5 690538 000321", "5690-5380-00321", "05690538000321"):
        (release,) = looked_up(barcode=code)
        assert release["title"] == "Ágætis byrjun"
    thumb = release.pop("thumb")
    assert thumb.startswith("http://127.0.0.1:8000/media/sleeves/")
    assert release == {
        "release_id": 123,
        "title": "Ágætis byrjun",
        "artist": "Sigur Rós",
        "label": "Smekkleysa",
        "catalog_number": "SM 67",
        "barcode": "5690538000321",
        "year": 1999,
        "format": "2×LP",
        "country": "IS",
    }
    assert numbers(looked_up(barcode="0074646493526")) == ["CK 64935"]


def test_a_release_is_found_however_it_is_typed(looked_up: Any) -> None:
    for typed in ("sm67", "agaetis", "sigur-ros", "0 5690538 000321", "blue ck-64935"):
        assert len(looked_up(q=typed)) == 1, typed
    assert numbers(looked_up(artist="milesdavis")) == []
    assert numbers(looked_up(title="ÁGÆTIS")) == ["SM 67"]


def test_one_several_or_none(looked_up: Any) -> None:
    assert numbers(looked_up(title="kind blue")) == ["CS 8163", "CK 64935"]
    assert numbers(looked_up(artist="sigur ros")) == ["SM 67"]
    assert numbers(looked_up(artist="Miles", catalog_number="ck64935")) == ["CK 64935"]
    assert numbers(looked_up(catalog_number="alr 6001")) == ["ALR-6001"]
    assert numbers(looked_up(q="agæ")) == ["SM 67"]
    assert numbers(looked_up(q="細野")) == ["ALR-6001"]
    assert numbers(looked_up(q="columbia cs8163")) == ["CS 8163"]
    assert numbers(looked_up(q="5690538")) == ["SM 67"]
    for nothing in ({"barcode": "000"}, {"barcode": "-"}, {"q": "…"}, {"q": "zzz"}, {"title": "davis"}):
        assert looked_up(**nothing) == []
    assert looked_up(artist="miles", title="byrjun") == []


def test_the_picture_of_a_release_can_be_fetched(shop: Shop, looked_up: Any) -> None:
    (release,) = looked_up(artist="sigur")
    assert shop.client.get(release["thumb"])["Content-Type"] == "image/png"
    assert shop.client.get(f"/media/sleeves/{'0' * 16}.png").status_code == 404
    assert shop.client.get("/media/sleeves/..%2f.png").status_code == 404


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({}, "non_field_errors"),
        ({"q": ""}, "non_field_errors"),
        ({"genre": "jazz"}, "non_field_errors"),
        ({"q": "x" * 201}, "q"),
        ({"barcode": "1" * 65}, "barcode"),
        ({"title": "a\0b"}, "title"),
    ],
)
def test_a_look_up_needs_something_to_look_for(shop: Shop, looked_up: Any, terms: Any, field: str) -> None:
    assert list(shop.errors(shop.get("catalog/search/", terms))) == [field]


def test_a_server_without_a_catalogue_says_so(shop: Shop, tmp_path: Path) -> None:
    from django.test import override_settings

    for path in (None, tmp_path / "missing.csv"):
        with override_settings(SHOP_CATALOGUE=path):
            assert shop.get("catalog/search/", {"q": "blue"}).status_code == 404
    assert shop.client.get("/api/v1/catalog/search/?q=x", HTTP_X_API_KEY="").status_code == 401


def test_the_whole_catalogue_answers_with_at_most_fifty(shop: Shop) -> None:
    from django.test import override_settings

    with override_settings(SHOP_CATALOGUE=CATALOGUE):
        found = shop.get("catalog/search/", {"q": "b"}).json()
        assert len(found) == 50
        assert len(shop.get("catalog/search/", {"catalog_number": "blp-1577"}).json()) == 1
