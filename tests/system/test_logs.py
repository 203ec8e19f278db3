"""No secret reaches the log."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from instica_desktop.system.logs import keep_secret, redact, start_logging


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
