"""The client of the Instica REST API: typed, asynchronous, Qt-free. Imports core only; the one home of httpx.

`InsticaClient` (client.py) offers one section per part of the API reference (sections/). Everything goes
through one pipeline (pipeline.py) and one seam to the network (transport.py).
"""

from instica_desktop.api.address import Address
from instica_desktop.api.client import InsticaClient
from instica_desktop.api.pages import Fetched, Page
from instica_desktop.api.pipeline import FetchedFile
from instica_desktop.api.retry import NO_RETRIES, Outcome, Retries, RetryPolicy
from instica_desktop.api.transport import HttpxTransport, Request, Response, Transport

__all__ = [
    "NO_RETRIES",
    "Address",
    "Fetched",
    "FetchedFile",
    "HttpxTransport",
    "InsticaClient",
    "Outcome",
    "Page",
    "Request",
    "Response",
    "Retries",
    "RetryPolicy",
    "Transport",
]
