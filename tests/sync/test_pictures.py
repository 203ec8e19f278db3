"""Photos made fit to send: by content, upright, without metadata, and never the original touched."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from instica_desktop.core.errors import InputError
from instica_desktop.sync.pictures import header, stripped
from instica_desktop.sync.uploads import prepare

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def photo(kind: str, *, turned: int = 1, mode: str = "RGB", size: tuple[int, int] = (64, 32)) -> bytes:
    """Return a picture with a camera's name, a position, a colour profile and, if asked, on its side."""
    image = Image.new(mode, size, 200 if mode == "L" else None)
    image.paste(90 if mode == "L" else "red", (0, 0, 16, 16))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = turned, "Camera of a seller"
    exif.get_ifd(GPS)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, object] = {"exif": exif, "icc_profile": profile}
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", "at home")
        options["pnginfo"] = notes
    if kind == "JPEG":
        options["comment"] = b"at home"
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_metadata_goes_and_every_pixel_and_the_profile_stay(kind: str, tmp_path: Path) -> None:
    original = photo(kind)
    file = tmp_path / "photo.bin"
    file.write_bytes(original)
    assert b"Camera of a seller" in original
    ready = prepare(file)
    assert b"Camera of a seller" not in ready.content
    assert b"at home" not in ready.content
    clean = opened(ready.content)
    assert not clean.getexif()
    assert clean.info.get("icc_profile")
    assert clean.tobytes() == opened(original).tobytes()
    assert (ready.width, ready.height) == clean.size == (64, 32)
    assert file.read_bytes() == original
    assert ready.name == {"JPEG": "photo.jpg", "PNG": "photo.png", "WEBP": "photo.webp"}[kind]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turned", [3, 6, 8])
def test_a_photo_on_its_side_is_put_upright(kind: str, turned: int) -> None:
    ready = prepare(photo(kind, turned=turned))
    upright = opened(ready.content)
    assert upright.size == (ready.width, ready.height)
    assert upright.size == ((64, 32) if turned == 3 else (32, 64))
    assert not upright.getexif()
    assert upright.info.get("icc_profile")
    corner = {3: (60, 28), 6: (28, 4), 8: (4, 60)}[turned]
    red, green, _ = upright.convert("RGB").getpixel(corner)  # pyright: ignore[reportGeneralTypeIssues]
    assert red > 200
    assert green < 80


def test_preparing_twice_gives_the_same_bytes() -> None:
    for turned in (1, 6):
        content = photo("JPEG", turned=turned)
        assert prepare(content).content == prepare(content).content


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_grey_or_print_picture_keeps_its_colours(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (20, 10), 120 if mode == "L" else (10, 20, 30, 40)).save(out, "JPEG")
    assert opened(prepare(out.getvalue()).content).tobytes() == opened(out.getvalue()).tobytes()


def test_a_progressive_picture_with_a_second_one_behind_it_is_cut_after_the_first() -> None:
    out = io.BytesIO()
    Image.effect_noise((80, 80), 60).convert("RGB").save(out, "JPEG", progressive=True, quality=90)
    trailing = out.getvalue() + photo("JPEG")
    assert stripped(trailing, "jpeg") == stripped(out.getvalue(), "jpeg")
    assert opened(prepare(trailing).content).tobytes() == opened(out.getvalue()).tobytes()


def huge_png(width: int, height: int) -> bytes:
    """Return a small file that says it is a huge picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"this is no photo, whatever its name", "not a photo"),
        (b"%PDF-1.7", "not a photo"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heic", "HEIC"),
        (b"GIF89a....", "GIF"),
        (b"II*\0....", "TIFF"),
        (huge_png(20_000, 20_000), "400 megapixels"),
        (b"\xff\xd8\xff\xe0\x00", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (photo("JPEG")[:-200], "damaged"),
        (photo("PNG")[:-30], "damaged"),
        (photo("WEBP")[:-20], "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 20_000_001, "20 MB"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_plain_words(content: bytes, says: str) -> None:
    with pytest.raises(InputError) as refused:
        prepare(content)
    assert says in refused.value.message
    assert refused.value.field == "image"
    assert "!" not in refused.value.message


def test_a_file_that_is_not_there_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        prepare(tmp_path / "gone.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_header_tells_the_stored_size(kind: str) -> None:
    found = header(photo(kind, turned=6))
    assert (found.kind, found.width, found.height) == (kind.lower(), 64, 32)


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 50}])
def test_plain_webp_is_read_too(options: dict[str, object]) -> None:
    out = io.BytesIO()
    Image.new("RGB", (123, 45), "green").save(out, "WEBP", **options)
    ready = prepare(out.getvalue())
    assert (ready.width, ready.height) == (123, 45)
    assert opened(ready.content).tobytes() == opened(out.getvalue()).tobytes()
