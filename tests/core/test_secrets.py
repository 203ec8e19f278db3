"""A secret is masked in every form a text may carry it."""

import base64
import html
import json
import urllib.parse
from collections.abc import Iterator

from hypothesis import example, given
from hypothesis import strategies as st

from instica_desktop.core.secrets import MASK, Secrets, hide

KEY = 'ik_live_0+/"\\<&Öß🎷9f'


def forms(secret: str) -> Iterator[str]:
    content = secret.encode()
    quoted = urllib.parse.quote(secret, safe="")
    yield secret
    yield quoted
    yield "".join(f"%{byte:02x}" for byte in content)
    yield urllib.parse.quote(quoted, safe="")
    yield urllib.parse.quote_plus(secret)
    yield json.dumps(secret)
    yield json.dumps(secret, ensure_ascii=False)
    yield json.dumps(json.dumps(secret))
    yield json.dumps(secret).replace("/", "\\/")
    yield repr(content)
    yield html.escape(secret)
    yield html.escape(html.escape(secret))
    yield "".join(f"&#{ord(char)};" for char in secret)
    yield "".join(f"&#x{ord(char):X};" for char in secret)
    yield from (content.hex(), content.hex().upper(), content.hex(":"), content.hex(" "))
    yield ", ".join(f"0x{byte:02x}" for byte in content)
    yield from in_base64(content)


def in_base64(content: bytes) -> Iterator[str]:
    for before in (b"", b"u:", b"user:", b"Northside:"):
        for after in (b"", b"!", b"!!"):
            encoded = base64.b64encode(before + content + after)
            yield encoded.decode()
            yield encoded.decode().rstrip("=")
            yield base64.urlsafe_b64encode(before + content + after).decode()
            yield urllib.parse.quote(encoded, safe="")
            yield base64.encodebytes(before * 11 + content + after).decode()


def has(text: str, secret: str) -> bool:
    """Tell whether a text, unpacked in any of the ways, shows the secret."""
    content = secret.encode()
    readings = [
        text,
        html.unescape(html.unescape(text)),
        urllib.parse.unquote(urllib.parse.unquote_plus(text)),
    ]
    return any(secret in one for one in readings) or content.hex() in text.lower().replace(":", "")


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=48))
@example(KEY)
@example("correct horse battery")
def test_no_form_of_a_secret_is_left(secret: str) -> None:
    for form in forms(secret):
        shown = hide(f"before {form} after", secret)
        assert MASK in shown, form
        assert not has(shown, secret), form
        assert shown.startswith("before "), form
        assert shown.endswith(" after") or "\n" in form, form


def test_the_letters_beside_a_secret_in_base64_give_no_bit_of_it_away() -> None:
    for before in ("", "u", "us"):
        encoded = base64.b64encode(f"{before}{KEY}".encode()).decode()
        left = hide(encoded, KEY).partition(MASK)[0]
        assert len(left) == len(before) * 8 // 6  # letters of the name alone


def test_what_is_no_secret_stays() -> None:
    text = "Ornithology / Bird & Diz, 7% off, 1955 0x69 6b &amp; aWtf"
    assert hide(text, KEY) == text
    assert hide(text, "") == text


def test_a_part_of_a_secret_is_no_secret() -> None:
    assert hide(KEY[:-1], KEY) == KEY[:-1]


def test_several_secrets_are_masked_in_all_of_a_value() -> None:
    secrets = Secrets([KEY, None, "", "short", "another-secret"])
    value = {"a": [f"x{KEY}", 1, None, ("another-secret",)], KEY: {"b": "short"}}
    assert secrets.hide_in(value) == {"a": [f"x{MASK}", 1, None, [MASK]], MASK: {"b": "short"}}
