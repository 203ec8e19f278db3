"""Mail through Django's backends; by default each message is a file in the shop's folder."""

import logging
import os
import secrets
import smtplib
from datetime import UTC, datetime
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import filebased

from instica_desktop.server.messaging.outgoing import after_commit

log = logging.getLogger(__name__)


class PrivateFileBackend(filebased.EmailBackend):
    """Django's file backend, with files that only their owner can read: they hold codes."""

    stream: Any
    file_path: str
    _fname: str | None

    def _get_filename(self) -> str:
        """Return a name of its own for each message; Django's may come twice within a second."""
        if self._fname is None:
            stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
            self._fname = os.path.join(self.file_path, f"{stamp}-{secrets.token_hex(4)}.log")
        return self._fname

    def open(self) -> bool:
        """Open the file of this message."""
        if self.stream is not None:
            return False
        descriptor = os.open(self._get_filename(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.stream = os.fdopen(descriptor, "ab")
        return True


def _send(message: EmailMessage) -> None:
    try:
        if message.recipients():
            message.send()
        else:
            message.message().as_bytes()
    except (
        OSError,
        ValueError,
        smtplib.SMTPException,
    ):  # the answer must not show whether there was anything to send
        log.exception("a mail could not be sent")


def send_later(subject: str, body: str, to: str | None, *, reply_to: str = "") -> None:
    """Send a mail once the transaction is committed. One that cannot be sent is logged without its text.

    To nobody (None) it is written as any other and goes nowhere, so that time does not tell it from them.
    """
    message = EmailMessage(subject, body, to=[to] if to else [], reply_to=[reply_to] if reply_to else None)
    after_commit(lambda: _send(message))
