"""Old mails and text messages are cleared away at the start, and nothing else is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.server.storage import old_messages
from instica_desktop.server.storage.folder import ShopFolder
from instica_desktop.server.storage.old_messages import prune_messages
from tests.server.fixture import RunningServer

NOW = datetime(2025, 3, 31, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> ShopFolder:
    """A shop's folder."""
    found = ShopFolder(tmp_path / "shop")
    found.prepare()
    return found


def _mail(folder: ShopFolder, age: timedelta, number: int = 0) -> Path:
    path = folder.mail / f"{NOW - age:%Y%m%d-%H%M%S-%f}-{number:08x}.log"
    path.write_text("mail")
    return path


def _text(folder: ShopFolder, age: timedelta) -> Path:
    path = folder.messages / f"{NOW - age:%Y%m%dT%H%M%S%fZ}-0000000a.txt"
    path.write_text("text")
    return path


def test_messages_older_than_a_month_go(folder: ShopFolder) -> None:
    days = [timedelta(days=29), timedelta(days=31)]
    mails, texts = [_mail(folder, age) for age in days], [_text(folder, age) for age in days]
    prune_messages(folder, NOW)
    assert list(folder.mail.iterdir()) == mails[:1]
    assert list(folder.messages.iterdir()) == texts[:1]


def test_of_many_the_newest_stay(folder: ShopFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_messages, "KEPT", 3)
    mails = [_mail(folder, timedelta(seconds=age), age % 7) for age in range(10)]
    prune_messages(folder, NOW)
    assert sorted(folder.mail.iterdir(), reverse=True) == mails[:3]


def test_what_is_not_ours_stays(folder: ShopFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("theirs")
    old, ours = "20200101-120000-000000", "20200102-120000-000000-00000001.log"
    names = [
        "notes.txt",
        f"{old}-0000000a.log.bak",
        f"{old}-XYZ.log",
        f"{old}.log",
        "20209999-120000-000000-0000000a.log",
    ]
    for name in names:
        (folder.mail / name).write_text("theirs")
    (folder.mail / f"{old}-0000000b.log").mkdir()
    (folder.mail / f"{old}-0000000c.log").symlink_to(outside)
    (folder.messages / ours).write_text("a mail's name, among the texts")
    before = sorted(path.name for path in folder.mail.iterdir())
    prune_messages(folder, NOW)
    assert sorted(path.name for path in folder.mail.iterdir()) == before
    assert (folder.messages / ours).exists()
    assert outside.read_text() == "theirs"


def test_what_the_backends_write_is_known(folder: ShopFolder, data_dir: Any) -> None:
    from django.core.mail import EmailMessage
    from django.test import override_settings

    from instica_desktop.server.messaging.texts import FileBackend

    with override_settings(EMAIL_FILE_PATH=str(folder.mail), SHOP_TEXT_FOLDER=folder.messages):
        EmailMessage("Subject", "Body", to=["a@example.com"]).send()
        FileBackend().send("+491", "text")
    assert (len(list(folder.mail.iterdir())), len(list(folder.messages.iterdir()))) == (1, 1)
    prune_messages(folder, datetime.now(UTC) + timedelta(days=31))
    assert [*folder.mail.iterdir(), *folder.messages.iterdir()] == []


def test_a_start_clears_away(launch: Callable[..., RunningServer], tmp_path: Path) -> None:
    folder = ShopFolder(tmp_path / "shop")
    folder.prepare()
    old = _mail(folder, timedelta(days=31))
    kept = folder.mail / "kept.log"
    kept.write_text("theirs")
    launch()
    assert (old.exists(), kept.exists()) == (False, True)
