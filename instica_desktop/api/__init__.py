"""The client of the Instica REST API: typed, asynchronous, Qt-free. Imports core only; the one home of httpx.

`InsticaClient` (client.py) offers one section per part of the API reference (sections/). Everything goes
through one pipeline (pipeline.py) and one seam to the network (transport.py).

What stands below is read when it is first asked for: the window is painted before the first request.
"""

from typing import TYPE_CHECKING

from instica_desktop.core.late import late_names

if TYPE_CHECKING:
    from instica_desktop.api.address import Address
    from instica_desktop.api.client import InsticaClient
    from instica_desktop.api.pages import Fetched, Page
    from instica_desktop.api.pipeline import FetchedFile
    from instica_desktop.api.pkce import Pkce
    from instica_desktop.api.redact import Credential
    from instica_desktop.api.retry import NO_RETRIES, Outcome, Retries, RetryPolicy
    from instica_desktop.api.transport import HttpxTransport, Request, Response, Transport

__all__ = [
    "NO_RETRIES",
    "Address",
    "Credential",
    "Fetched",
    "FetchedFile",
    "HttpxTransport",
    "InsticaClient",
    "Outcome",
    "Page",
    "Pkce",
    "Request",
    "Response",
    "Retries",
    "RetryPolicy",
    "Transport",
]

__getattr__ = late_names(
    __name__,
    {
        "address": ("Address",),
        "client": ("InsticaClient",),
        "pages": ("Fetched", "Page"),
        "pipeline": ("FetchedFile",),
        "pkce": ("Pkce",),
        "redact": ("Credential",),
        "retry": ("NO_RETRIES", "Outcome", "Retries", "RetryPolicy"),
        "transport": ("HttpxTransport", "Request", "Response", "Transport"),
    },
)
