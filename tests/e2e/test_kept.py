"""What a person dropped or typed is there afterwards, however the window is left."""

import os
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.display import missing, wait_for
from tests.e2e.person import Person
from tests.e2e.truth import Truth, told

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(
        bool(missing()) and not os.environ.get("CI"), reason=f"not installed here: {', '.join(missing())}"
    ),
]
PHOTOS = 20
PRICE = "Item price in US dollars"


def photos(folder: Path) -> list[Path]:
    """Return files as a camera names them, each as wide as none of the others."""
    folder.mkdir()
    made = [folder / f"IMG_{number:04}.jpg" for number in range(1, PHOTOS + 1)]
    for number, path in enumerate(made):
        noise = Image.effect_noise((1600 + number, 1200), 80)
        noise.convert("RGB").save(path, quality=90)
    return made


def test_twenty_photos_dropped_a_second_before_quitting_all_arrive_in_order(
    person: Person, truth: Truth, tmp_path: Path
) -> None:
    product = truth.newest("products", 1)[0]["uid"]
    uid = truth.make("inventory", product=product, name="Empty sleeve")["uid"]
    files = photos(tmp_path / "camera")
    person.opens_the_window("Empty sleeve")
    person.clicks_row("Empty sleeve")
    person.finds("Empty sleeve", "label")

    person.drops(files, "Photos of this item")
    time.sleep(1)
    person.quits()
    person.opens_the_window("Empty sleeve")

    wait_for(lambda: len(truth.item(uid)["assets"]) >= PHOTOS, "twenty photos on the server")
    assert told(truth.item(uid))["photos"] == [1600 + number for number in range(PHOTOS)]
    person.quits()


def test_a_shelf_being_typed_is_saved_when_the_screen_or_the_program_is_left(
    person: Person, truth: Truth
) -> None:
    person.opens_the_window("A1")
    first, second = (truth.newest("inventory", 3)[at]["uid"] for at in (1, 2))

    person.clicks_row("A2", "Shelf")
    person.presses("F2")
    person.types("Y-11")
    person.presses("ctrl+2")
    wait_for(lambda: truth.item(first)["location"] == "Y-11", "the shelf typed before another screen")

    person.presses("ctrl+1")
    person.clicks_row("A3", "Shelf")
    person.presses("F2")
    person.types("Y-12")
    person.quits()
    person.opens_the_window("A1")
    wait_for(lambda: truth.item(second)["location"] == "Y-12", "the shelf typed before the end")
    assert truth.item(first)["location"] == "Y-11"
    person.quits()


def test_a_price_that_cannot_be_read_is_there_again_after_a_power_cut(person: Person, truth: Truth) -> None:
    before = truth.prices_and_shelves()
    person.opens_the_window("A1")
    person.clicks_row("A2")
    person.goes_to_field(PRICE)
    person.presses("ctrl+a")
    person.types("12 or 13")
    person.presses("Return")
    time.sleep(1)
    person.pulls_the_plug()

    person.opens_the_window("A1")
    person.clicks_row("A2")
    wait_for(lambda: person.written_in(PRICE) == "12 or 13", "what was typed, in its field")
    assert truth.prices_and_shelves() == before
    person.quits()
