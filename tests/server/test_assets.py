"""Photos: what is taken, how they are kept, ordered and served."""

import hashlib
import io
import struct
import zlib
from typing import Any

import pytest

from tests.server.shop import Shop, picture


def _huge_png(side: int) -> bytes:
    """Return the header of a PNG of side × side pixels, with next to no data.

    A decompression bomb's shape.
    """
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "media"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_a_photo_is_kept_byte_for_byte(shop: Shop, kind: str, media: str) -> None:
    uid, content = shop.item()["uid"], picture(kind)
    made = shop.upload(f"inventory/{uid}/assets/", content, kind="label")
    assert made.status_code == 201
    asset = made.json()
    assert asset["sha256"] == hashlib.sha256(content).hexdigest()
    assert (asset["width"], asset["height"], asset["bytes"]) == (320, 240, len(content))
    assert asset["kind"] == "label"
    assert asset["is_primary"] is True
    full = shop.client.get(asset["image"])
    assert full.content == content
    assert full["Content-Type"] == media
    assert full["X-Content-Type-Options"] == "nosniff"
    small = shop.client.get(asset["thumbnail"])
    assert small["Content-Type"] == "image/jpeg"
    assert len(small.content) < 10_000
    assert shop.get(f"inventory/{uid}/").json()["assets"] == [asset]


def test_orientation_counts_for_width_and_height(shop: Shop) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    uid = shop.item()["uid"]
    asset = shop.upload(f"inventory/{uid}/assets/", picture("JPEG", exif=exif)).json()
    assert (asset["width"], asset["height"]) == (240, 320)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"just text",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture("GIF"),
        picture("BMP"),
        picture("JPEG", (800, 800))[:2000],
        picture("PNG")[:60],
        _huge_png(20_000),
        _huge_png(7_100),
        picture("PNG") + b"\0" * 20_000_000,
    ],
    ids=[
        "empty",
        "text",
        "svg",
        "gif",
        "bmp",
        "cut-jpeg",
        "cut-png",
        "400-megapixels",
        "50.4-megapixels",
        "20-mb",
    ],
)
def test_what_is_no_proper_picture_is_refused_at_image(shop: Shop, content: bytes) -> None:
    uid = shop.item()["uid"]
    errors = shop.errors(shop.upload(f"inventory/{uid}/assets/", content, "photo.jpg"))
    assert list(errors) == ["image"]
    assert shop.get(f"inventory/{uid}/assets/").json() == []


def test_without_a_file_or_with_an_unknown_kind_nothing_is_kept(shop: Shop) -> None:
    uid = shop.item()["uid"]
    response = shop.client.post(f"/api/v1/inventory/{uid}/assets/", {"kind": "item"})
    assert list(shop.errors(response)) == ["image"]
    assert list(shop.errors(shop.upload(f"inventory/{uid}/assets/", picture(), kind="cover"))) == ["kind"]


def test_the_same_picture_is_kept_once(shop: Shop) -> None:
    uid = shop.item()["uid"]
    first = shop.upload(f"inventory/{uid}/assets/", picture())
    again = shop.upload(f"inventory/{uid}/assets/", picture(), "other-name.png")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = shop.item()["uid"]
    assert shop.upload(f"inventory/{other}/assets/", picture()).json()["uid"] != first.json()["uid"]


def test_a_repeated_upload_gives_the_same_answer(shop: Shop) -> None:
    uid = shop.item()["uid"]
    first = shop.upload(f"inventory/{uid}/assets/", picture(), HTTP_IDEMPOTENCY_KEY="p")
    again = shop.upload(f"inventory/{uid}/assets/", picture(), HTTP_IDEMPOTENCY_KEY="p")
    other = shop.upload(f"inventory/{uid}/assets/", picture(shade=1), HTTP_IDEMPOTENCY_KEY="p")
    assert again.json() == first.json()
    assert again.status_code == first.status_code == 201
    assert other.status_code == 409


def test_an_item_has_at_most_24_photos(shop: Shop) -> None:
    from instica_desktop.server.models import Asset, Item

    uid = shop.item()["uid"]
    item = Item.objects.get(uid=uid)
    Asset.objects.bulk_create(Asset(item=item, position=n, sha256=str(n)) for n in range(24))
    assert list(shop.errors(shop.upload(f"inventory/{uid}/assets/", picture()))) == ["image"]


def _three(shop: Shop) -> tuple[str, list[dict[str, Any]]]:
    uid = shop.item()["uid"]
    return uid, [shop.upload(f"inventory/{uid}/assets/", picture(shade=n)).json() for n in range(3)]


def test_photos_are_put_in_a_new_order(shop: Shop) -> None:
    uid, assets = _three(shop)
    order = [assets[2]["uid"], assets[0]["uid"], assets[1]["uid"]]
    answer = shop.post(f"inventory/{uid}/assets/reorder/", {"order": order})
    assert [row["uid"] for row in answer.json()] == order
    assert [row["uid"] for row in shop.get(f"inventory/{uid}/").json()["assets"]] == order
    for wrong in (order[:2], [*order, order[0]], [*order[:2], "nobody"], "abc", [1, 2, 3]):
        assert list(shop.errors(shop.post(f"inventory/{uid}/assets/reorder/", {"order": wrong}))) == ["order"]


def test_exactly_one_photo_is_primary(shop: Shop) -> None:
    uid, assets = _three(shop)
    path = f"inventory/{uid}/assets/"
    assert shop.patch(f"{path}{assets[1]['uid']}/", {"is_primary": True, "kind": "other"}).json()[
        "is_primary"
    ]
    assert [row["is_primary"] for row in shop.get(path).json()] == [False, True, False]
    assert list(shop.errors(shop.patch(f"{path}{assets[1]['uid']}/", {"is_primary": False}))) == [
        "is_primary"
    ]
    assert shop.delete(f"{path}{assets[1]['uid']}/").status_code == 204
    assert [row["is_primary"] for row in shop.get(path).json()] == [True, False]
    assert shop.client.get(assets[1]["image"]).status_code == 404


def test_a_photo_touches_item_and_product(shop: Shop) -> None:
    item = shop.item()
    before = shop.get(f"products/{item['product']['uid']}/").json()["updated"]
    shop.upload(f"inventory/{item['uid']}/assets/", picture())
    assert shop.get(f"inventory/{item['uid']}/").json()["updated"] > item["updated"]
    assert shop.get(f"products/{item['product']['uid']}/").json()["updated"] > before


def test_photos_of_others_do_not_exist(shop: Shop, other_shop: Shop) -> None:
    uid, assets = _three(other_shop)
    path = f"inventory/{uid}/assets/"
    assert shop.upload(path, picture(shade=9)).status_code == 404
    assert shop.get(f"{path}{assets[0]['uid']}/").status_code == 404
    assert shop.delete(f"{path}{assets[0]['uid']}/").status_code == 404
    assert shop.client.get(assets[0]["image"]).status_code == 404
    mine = shop.item()["uid"]
    assert shop.patch(f"inventory/{mine}/assets/{assets[0]['uid']}/", {"kind": "item"}).status_code == 404


def test_deleting_an_item_deletes_its_files(shop: Shop) -> None:
    uid, assets = _three(shop)
    media = shop.data_dir / "media"
    names = [asset["image"].rpartition("/media/uploads/")[2] for asset in assets]
    assert all((media / name).stat().st_mode & 0o777 == 0o600 for name in names)
    shop.delete(f"inventory/{uid}/")
    assert not any((media / name).exists() for name in names)


@pytest.mark.parametrize(
    "name", ["..%2f..%2fshop.sqlite3", "../shop.sqlite3", "ab/nothing.png", "ab/../lock"]
)
def test_media_serves_nothing_by_a_made_up_name(shop: Shop, name: str) -> None:
    assert shop.client.get(f"/media/uploads/{name}").status_code == 404


def test_a_release_has_a_sleeve_of_its_own(shop: Shop) -> None:
    from PIL import Image

    from instica_desktop.server.models import Product
    from instica_desktop.server.sleeves.draw import sleeve_key

    uid = shop.product()["uid"]
    Product.objects.filter(uid=uid).update(sleeve=sleeve_key("Miles Davis", "Kind of Blue"))
    record = shop.get(f"products/{uid}/").json()
    response = shop.client.get(record["product_image"])
    assert response["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(response.content)) as image:
        assert image.size == (600, 600)
        assert len(image.getcolors(1_000_000) or ()) > 2
    small = shop.client.get(record["product_image_thumbnail"])
    with Image.open(io.BytesIO(small.content)) as image:
        assert image.size == (128, 128)
    assert shop.client.get(f"/media/sleeves/{'0' * 16}.png").status_code == 404


def test_sleeves_are_repeatable_and_differ() -> None:
    from instica_desktop.server.sleeves.draw import draw_sleeve, sleeve_key

    keys = [sleeve_key("Artist", str(number)) for number in range(40)]
    drawn = {draw_sleeve(key, 64) for key in keys}
    assert len(drawn) == 40
    assert draw_sleeve(keys[0], 64) == draw_sleeve(keys[0], 64)
