"""A disk without room: what is to be stored is answered 507 in words, and everything can still be read."""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.databases import sqlite_only
from tests.server.shop import Shop, picture
from tests.server.team import signed_in

pytestmark = pytest.mark.allow_log(
    r": The disk is full: ", r": Insufficient Storage: ", r" the disk is full$"
)

WORDS = {
    "detail": "The server's disk is full, so nothing was stored. Everything can still be read. "
    "Make room on the server, then send this again."
}


def _no_room(*_arguments: Any, **_options: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def full_database(shop: Shop) -> Iterator[Shop]:
    """A shop whose database file can grow no more; SQLite itself says so."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
        yield shop
        cursor.execute("PRAGMA max_page_count=1073741823")


def _fill(shop: Shop) -> Any:
    """Make products until one has no room; returns the answer."""
    for _ in range(400):
        made = shop.post("products/", {"title": "Aja", "marketplace_description": "long " * 3000})
        if made.status_code != 201:
            return made
    raise AssertionError("the database never filled")


@sqlite_only
def test_a_database_without_room_says_so_and_can_be_read(full_database: Shop) -> None:
    from instica_desktop.server.models import AccessToken, ApiKey

    person = signed_in(full_database)
    before = person.get("products/").json()["count"]
    full = _fill(full_database)
    assert (full.status_code, full.json()) == (507, WORDS)
    ApiKey.objects.filter(user=person.user).update(last_used=None)
    AccessToken.objects.filter(user=person.user).update(last_used=None)
    count = full_database.get("products/").json()["count"]
    assert count == person.get("products/").json()["count"] >= before


@sqlite_only
def test_once_there_is_room_the_same_request_is_carried_out(shop: Shop) -> None:
    from django.db import connection

    body = {"title": "Gaucho", "marketplace_description": "long " * 3000}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
        _fill(shop)
        full = shop.post("products/", body, HTTP_IDEMPOTENCY_KEY="gaucho")
        cursor.execute("PRAGMA max_page_count=1073741823")
    assert full.status_code == 507
    assert shop.post("products/", body, HTTP_IDEMPOTENCY_KEY="gaucho").status_code == 201


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("after", [0, 1])
def test_a_photo_without_room_leaves_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    uid, before = shop.item()["uid"], _files(shop.data_dir / "media")
    left, sync = [after], os.fsync

    def fsync(descriptor: int) -> None:
        left[0] -= 1
        sync(descriptor) if left[0] >= 0 else _no_room()

    monkeypatch.setattr("instica_desktop.server.storage.folder.os.fsync", fsync)
    full = shop.upload(f"inventory/{uid}/assets/", picture(shade=7))
    monkeypatch.undo()
    assert (full.status_code, full.json()) == (507, WORDS)
    assert _files(shop.data_dir / "media") == before
    assert shop.get(f"inventory/{uid}/assets/").json() == []
    assert shop.upload(f"inventory/{uid}/assets/", picture(shade=7)).status_code == 201


def test_a_photo_whose_row_has_no_room_leaves_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    uid, before = shop.item()["uid"], _files(shop.data_dir / "media")
    monkeypatch.setattr("instica_desktop.server.views.assets.AssetViewSet.get_serializer", _no_room)
    assert shop.upload(f"inventory/{uid}/assets/", picture(shade=8)).status_code == 507
    assert _files(shop.data_dir / "media") == before


def test_an_upload_that_does_not_fit_on_its_way_in_says_so(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.files.uploadhandler import TemporaryFileUploadHandler

    uid = shop.item()["uid"]

    def full(handler: Any, *_arguments: Any) -> None:
        handler.file.close()  # the garbage collector does it else, with a warning
        _no_room()

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    answer = shop.upload(f"inventory/{uid}/assets/", picture(shade=9))
    assert (answer.status_code, answer.json()) == (507, WORDS)


def test_a_sleeve_is_shown_without_room_for_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from instica_desktop.server.models import Product

    product = Product.objects.get(uid=shop.product()["uid"])
    Product.objects.filter(pk=product.pk).update(sleeve=product.uid)
    monkeypatch.setattr("instica_desktop.server.views.media.write_private", _no_room)
    shown = shop.client.get(f"/media/sleeves/{product.uid}.thumb.png")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert not list((shop.data_dir / "sleeves").glob(f"{product.uid}*"))


def test_a_page_without_room_says_so_as_well(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instica_desktop.server.views.pages.LoginPage.get", _no_room)
    answer = shop.client.get("/accounts/ebay/login/")
    assert (answer.status_code, answer.json()) == (507, WORDS)


def test_no_other_failure_counts_as_a_full_disk() -> None:
    from instica_desktop.server.storage.full import is_full

    with contextlib.closing(sqlite3.connect(":memory:")) as connection, pytest.raises(sqlite3.Error) as found:
        connection.execute("SELECT * FROM nothing")
    others = (None, found.value, OSError(errno.EIO, "I/O error"), ValueError("full"))
    assert not any(is_full(error) for error in others)
    assert is_full(OSError(errno.EDQUOT, "quota"))


def test_postgresql_says_it_its_own_way() -> None:
    from instica_desktop.server.storage.full import is_full

    errors = pytest.importorskip("psycopg").errors
    assert is_full(errors.DiskFull())
    assert not is_full(errors.UniqueViolation())
