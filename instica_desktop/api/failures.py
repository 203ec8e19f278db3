"""Failures of the HTTP library in our words: the question is only whether anything can have been sent."""

import socket
import ssl

from instica_desktop.core.errors import AddressError, InsticaError, ReplyLost, Unreachable


def translated(error: Exception) -> InsticaError:
    """Turn a failure of httpx into ours."""
    import httpx

    details = f"{type(error).__name__}: {error}"
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return AddressError("This address cannot be opened. Check it for typing errors.", details=details)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        return Unreachable(_why(error), details=details)
    return ReplyLost(
        "The connection broke before the whole answer came. Check your network.",
        details=details,
    )


def _why(error: BaseException) -> str:
    """Say in words why no connection came about."""
    cause: BaseException | None = error
    while cause is not None:
        for kind, sentence in _REASONS:
            if isinstance(cause, kind):
                return sentence
        cause = cause.__cause__ or cause.__context__
    return "The server does not answer. Check your network connection, then try again."


_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "The server cannot prove who it is: its certificate is not trusted here. "
        "Check the address, and the date and time of this computer.",
    ),
    (
        ssl.SSLError,
        "No secure connection came about. Check that the address and its port belong to an https server.",
    ),
    (
        socket.gaierror,
        "The name of the server was not found. Check the address and your network connection.",
    ),
    (ConnectionRefusedError, "Nothing answers at this address. The server may not be running."),
)
