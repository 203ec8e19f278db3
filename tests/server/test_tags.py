"""Tags are found by the search index: whole ones of items, parts of those of products."""

from pathlib import Path

import pytest

from tests.server.shop import Shop

_TAGS = {
    "Blue": ["Jazz", "Hard Bop", "a'b\"c\\d"],
    "Aja": ["jazz-rock", "Ärger", '7" single (mono)', "ジャズ"],
    "Zuma": ["The Very Longest Tag Of All The Tags", "100%"],
    "Hejira": [],
}


@pytest.fixture(scope="module")
def tagged(data_dir: Path) -> Shop:
    """Four products with an item each, product and item tagged alike."""
    shop = Shop.new(data_dir)
    for title, tags in _TAGS.items():
        shop.item(shop.product(title=title, tags=tags)["uid"], tags=tags)
    return shop


@pytest.mark.parametrize(
    ("tags", "whole", "part"),
    [
        ("jazz", "B", "AB"),
        ("JAZZ,100%", "BZ", "ABZ"),
        ("bop", "", "B"),
        ("hard bop", "B", "B"),
        ("d b", "", "B"),
        ("hardbop", "", ""),
        ("a'b\"c\\d", "B", "B"),
        ("'b\"", "", "B"),
        ("ärger", "A", "A"),
        ("arger", "", ""),
        ("ジャ", "", "A"),
        ('7" single (mono)', "A", "A"),
        ("single (mono", "", "A"),
        ("The Very Longest Tag Of All The Tags", "Z", "Z"),
        ("very longest tag of all", "", "Z"),
        ("very longest tag of none", "", ""),
        ("_", "", ""),
        ("%", "", "Z"),
        ("*", "", ""),
    ],
)
def test_tags_are_found(tagged: Shop, tags: str, whole: str, part: str) -> None:
    def first_letters(path: str) -> str:
        return "".join(sorted(title[0] for title in tagged.titles(path, tags=tags)))

    assert first_letters("inventory/") == whole
    assert first_letters("products/") == part


def test_a_typed_word_does_not_find_an_items_tag(tagged: Shop) -> None:
    assert tagged.titles("inventory/", search="hard bop") == []
    assert tagged.titles("products/", search="hard bop") == ["Blue"]


def test_changed_tags_are_found_at_once(shop: Shop) -> None:
    item = shop.item(tags=["old"])
    shop.patch(f"inventory/{item['uid']}/", {"tags": ["new"]})
    assert shop.titles("inventory/", tags="old") == []
    assert len(shop.titles("inventory/", tags="new")) == 1


def test_many_long_tags_and_words_are_taken(shop: Shop) -> None:
    tags = [f"{number:03}{'Ꙁ' * 97}" for number in range(100)]
    product = shop.product(tags=tags, marketplace_description="ﷺ" * 3000, title="x" * 1000)
    assert shop.titles("products/", tags="Ꙁ" * 50) == [product["title"]]
    assert shop.titles("products/", search="x" * 499) == [product["title"]]


@pytest.mark.parametrize("path", ["inventory/", "products/"])
def test_a_null_character_is_refused(shop: Shop, path: str) -> None:
    assert list(shop.errors(shop.get(path, {"tags": "a\x00b"}))) == ["tags"]
    assert shop.get(f"{path}a%00b/").status_code == 404
