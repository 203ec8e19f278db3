"""Text messages to phones, with backends like those of Django's mail: file, console, memory.

`SHOP_TEXT_BACKEND` names the class. One that speaks to a provider of text messages needs only `send`.
"""

import logging
import os
from datetime import UTC, datetime
from typing import ClassVar

from django.conf import settings
from django.utils.module_loading import import_string

from instica_desktop.server.messaging.outgoing import after_commit
from instica_desktop.server.storage.folder import write_private

log = logging.getLogger(__name__)


class FileBackend:
    """Writes each message into a file of its own in `SHOP_TEXT_FOLDER`."""

    def send(self, phone: str, text: str) -> None:
        """Send a message. Errors: `OSError`."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        path = settings.SHOP_TEXT_FOLDER / f"{stamp}-{os.urandom(4).hex()}.txt"
        write_private(path, f"To: {phone}\n\n{text}\n".encode())


class ConsoleBackend:
    """Prints each message."""

    def send(self, phone: str, text: str) -> None:
        """Send a message."""
        print(f"To: {phone}\n\n{text}\n", flush=True)


class MemoryBackend:
    """Keeps the messages of this process, for tests."""

    outbox: ClassVar[list[tuple[str, str]]] = []

    def send(self, phone: str, text: str) -> None:
        """Send a message."""
        self.outbox.append((phone, text))


def _send(phone: str | None, text: str) -> None:
    try:
        backend = import_string(settings.SHOP_TEXT_BACKEND)()
        if phone:
            backend.send(phone, text)
    except OSError:  # the answer must not show whether there was anything to send
        log.exception("a text message could not be sent")


def send_text_later(phone: str | None, text: str) -> None:
    """Send a text message once the transaction is committed; to nobody (None) it goes nowhere."""
    after_commit(lambda: _send(phone, text))
