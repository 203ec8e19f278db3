"""No secret reaches the log."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from instica_desktop.system.logs import keep_secret, redact, start_logging
from tests.core.test_secrets import forms


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield start_logging(tmp_path)
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.parametrize(
    "line",
    [
        "X-API-Key: s3cr3tvalue",
        'headers {"Authorization": "Bearer s3cr3tvalue"}',
        "password=s3cr3tvalue next",
        "api_key='s3cr3tvalue'",
        "Authorization: Basic s3cr3tvalue==",
        "Authorization: Api-Key s3cr3tvalue",
        '{\\"api_key\\": \\"s3cr3tvalue\\"}',
        "GET /x?api_key%3Ds3cr3tvalue",
        "GET /x?token=s3cr3tvalue&page=2",
    ],
)
def test_what_is_named_like_a_secret_is_masked(line: str) -> None:
    assert "s3cr3tvalue" not in redact(line)


def test_a_known_secret_is_masked_wherever_it_turns_up(log_file: Path) -> None:
    keep_secret("abcdef0123456789")
    try:
        raise ValueError("odd answer from https://x.test/?q=abcdef0123456789")
    except ValueError:
        logging.getLogger("test").info("failed", exc_info=True)

    text = log_file.read_text()
    assert "odd answer" in text
    assert "abcdef0123456789" not in text


def test_no_form_of_a_secret_reaches_the_log(log_file: Path) -> None:
    key = 'ik_live_0+/"<&9f-of-the-log'
    keep_secret(key)
    for form in forms(key):
        logging.getLogger("test").info("GET https://x.test/?q=%s", form)

    text = log_file.read_text("utf-8")
    assert text.count("•••") >= len(list(forms(key)))
    assert not [form for form in forms(key) if form in text]


def test_a_log_of_an_older_version_becomes_private(tmp_path: Path, log_file: Path) -> None:
    log_file.touch()
    log_file.chmod(0o644)
    logging.getLogger("test").info("hello")

    assert log_file.stat().st_mode & 0o777 == 0o600


def test_a_log_that_cannot_be_written_is_said_once(
    log_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_file.mkdir()
    for _ in range(3):
        logging.getLogger("test").info("hello")

    said = capsys.readouterr().err
    assert said.count("There is no log of this run") == 1
    assert str(log_file) in said
    assert "Traceback" not in said


def test_the_log_is_private(log_file: Path) -> None:
    logging.getLogger("test").info("hello")

    assert log_file.stat().st_mode & 0o777 == 0o600
