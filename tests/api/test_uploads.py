"""Photos on their way up: the form as a server reads it, progress, sending again, unreadable files."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from instica_desktop.api.multipart import CHUNK, LARGEST, image_type
from instica_desktop.core import errors
from tests.api.scripted import Got, Scripted, Wired, reply

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 1024
ASSET = {"uid": "as1", "kind": "item"}


def parts(got: Got) -> dict[str, EmailMessage]:
    head = f"Content-Type: {got.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(_class=EmailMessage, policy=policy.HTTP).parsebytes(head + got.body)
    found = [part for part in message.iter_parts() if isinstance(part, EmailMessage)]
    return {str(part.get_param("name", header="content-disposition")): part for part in found}


async def test_the_form_arrives_whole(tmp_path: Path) -> None:
    photo = tmp_path / "sleeve.jpg"
    photo.write_bytes(JPEG)
    async with Scripted(reply(201, ASSET)) as server, Wired(server.url) as wired:
        asset = await wired.client.inventory.add_asset("i1", photo, "sleeve.jpg", "container", "once")
        got = server.got[0]
        assert asset.uid == "as1"
        assert (got.target, got.headers["idempotency-key"]) == ("/api/v1/inventory/i1/assets/", "once")
        assert "transfer-encoding" not in got.headers
        form = parts(got)
        assert form["kind"].get_payload(decode=True) == b"container"
        assert form["image"].get_payload(decode=True) == JPEG
        assert form["image"].get_filename() == "sleeve.jpg"
        assert form["image"].get_content_type() == "image/jpeg"


async def test_progress_runs_from_nothing_to_all_and_again_on_the_second_try() -> None:
    told: list[tuple[int, int]] = []
    async with (
        Scripted(reply(429, {}, Retry_After="1"), reply(201, ASSET)) as server,
        Wired(server.url) as wired,
    ):
        await wired.client.inventory.add_asset(
            "i1", JPEG, "a.jpg", progress=lambda sent, total: told.append((sent, total))
        )
        once = [(at, len(JPEG)) for at in (*range(0, len(JPEG), CHUNK), len(JPEG))]
        assert told == once * 2
        assert [parts(got)["image"].get_payload(decode=True) for got in server.got] == [JPEG, JPEG]


async def test_a_name_cannot_break_out_of_its_header() -> None:
    name = 'a"\r\nX-Evil: 1\r\n\r\n–ü.jpg'
    async with Scripted(reply(201, ASSET)) as server, Wired(server.url) as wired:
        await wired.client.inventory.add_asset("i1", JPEG, name)
        head = server.got[0].body.split(b"\r\n\r\n")[1]
        assert b"X-Evil" in head
        assert b"\nX-Evil" not in server.got[0].body
        assert 'filename="a%22%0D%0AX-Evil: 1%0D%0A%0D%0A–ü.jpg"'.encode() in server.got[0].body


async def test_what_cannot_be_read_or_is_too_large_is_refused_before_sending(tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    async with Scripted(reply(201, ASSET)) as server, Wired(server.url) as wired:
        for source in (tmp_path / "gone.jpg", tmp_path, large):
            with pytest.raises(errors.InputError) as caught:
                await wired.client.products.upload_image("p1", source, "x.jpg")
            assert caught.value.field == "image"
        assert server.got == []


async def test_a_server_that_refuses_before_the_end_is_heard() -> None:
    async with Scripted(reply(413, b"<html>", "text/html")) as server, Wired(server.url) as wired:
        with pytest.raises(errors.TooLarge):
            await wired.client.inventory.add_asset("i1", JPEG, "a.jpg")


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"GIF89a", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_kind_is_told_by_the_bytes(start: bytes, kind: str) -> None:
    assert image_type(start) == kind
