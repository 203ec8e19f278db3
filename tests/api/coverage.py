"""Finds out what the client asks for and what the contract tests call, and makes one table of it.

Nothing is declared by hand: every method of every section is called once against a transport that only notes
the request, and the tests are read as source.
"""

import ast
import asyncio
import inspect
import re
import types
import typing
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from instica_desktop.api import InsticaClient, Request, Response
from instica_desktop.api.jobs import JobHandle
from instica_desktop.core.errors import Unreachable
from instica_desktop.core.models.common import Entity
from instica_desktop.core.models.jobs import Job
from instica_desktop.core.query import Query
from tests.api.endpoints import Endpoint

TESTS = Path(__file__).parent
BASE = "http://127.0.0.1:9"
JOBS = ("/api/v1/inventory/import/", "/api/v1/marketplace/import-jobs/")
"""Where jobs are; what a section hands out for one can cancel it."""
Calls = dict[str, set[str]]
"""`METHOD path` as sent → the client's methods that send it, as `section.method`."""


class Noted(Exception):
    """The request was noted; nothing is answered."""


class Noting:
    """A transport that notes the first request and answers nothing."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        raise Noted

    def __getattr__(self, name: str) -> Any:
        """Stand in for every other way to send: note its first argument."""

        def note(request: Request, *_more: Any) -> Any:
            self.requests.append(request)
            raise Noted

        return note

    async def aclose(self) -> None:
        """Nothing is open."""


def section_names() -> list[str]:
    """Return the names of the client's sections."""
    names = [name for name, value in vars(InsticaClient).items() if isinstance(value, cached_property)]
    return [name for name in names if not name.startswith("_")]


def _sample(annotation: Any, name: str) -> Any:
    """Return a value of a parameter's type."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return _sample(typing.get_args(annotation)[0], name)
    if origin is typing.Literal:
        return typing.get_args(annotation)[0]
    if origin is not None and issubclass(origin, Mapping):
        return {}
    if origin is not None:
        return ()
    plain: dict[Any, Any] = {
        str: "x",
        int: 1,
        bool: True,
        bytes: b"x",
        Path: Path(__file__),
        date: date(2026, 1, 2),
        datetime: datetime(2026, 1, 2, tzinfo=UTC),
        Query: Query(Entity.ITEM),
    }
    return annotation.new() if hasattr(annotation, "new") else plain.get(annotation, "x")


def arguments(method: Callable[..., Any]) -> dict[str, Any]:
    """Return a value for each parameter of a method that needs one."""
    hints = typing.get_type_hints(method)
    return {
        name: _sample(hints.get(name, str), name)
        for name, parameter in inspect.signature(method).parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    }


async def drive(outcome: Any) -> None:
    """Await what a method of the client returned, to its first part."""
    if isinstance(outcome, AsyncIterator):
        async for _ in cast(AsyncIterator[Any], outcome):
            return
    elif hasattr(outcome, "__aenter__"):
        async with outcome:
            return
    elif inspect.isawaitable(outcome):
        await cast(Awaitable[Any], outcome)


async def client_calls() -> Calls:
    """Return what each method of the client sends first."""
    found: Calls = defaultdict(set)
    for section in section_names():
        for name in _methods(section):
            transport = Noting()
            client = InsticaClient(BASE, "ik_nobody_listens_here_0000", transport=cast(Any, transport))
            method = getattr(getattr(client, section), name)
            with suppress(Noted, Unreachable):
                await asyncio.wait_for(drive(method(**arguments(method))), 10)
            for request in transport.requests[:1]:
                path = request.url.removeprefix(BASE).partition("?")[0]
                found[f"{request.method} {path}"].add(f"{section}.{name}")
    for root in JOBS:
        transport = Noting()
        client = InsticaClient(BASE, None, transport=cast(Any, transport))
        with suppress(Noted):
            await JobHandle(client.inventory._pipeline, f"{root}x/", Job(uid="x")).cancel()  # pyright: ignore[reportPrivateUsage]
        request = transport.requests[0]
        found[f"{request.method} {request.url.removeprefix(BASE)}"].add("job.cancel")
    return found


def _methods(section: str) -> list[str]:
    client = InsticaClient(BASE, None)
    kind = type(getattr(client, section))
    return [
        name
        for name, value in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and (inspect.iscoroutinefunction(value) or inspect.isfunction(value))
    ]


def pattern(path: str) -> re.Pattern[str]:
    """Return what matches an endpoint's path as sent: `{…}` is one segment."""
    return re.compile("^" + re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(path)) + "$")


def by_endpoint(calls: Calls, endpoints: tuple[Endpoint, ...]) -> dict[Endpoint, set[str]]:
    """Return for each endpoint the client's methods that reach it; a fixed path wins over a placeholder."""
    ordered = sorted(endpoints, key=lambda endpoint: endpoint.path.count("{"))
    found: dict[Endpoint, set[str]] = {endpoint: set() for endpoint in endpoints}
    for sent, methods in calls.items():
        verb, _, path = sent.partition(" ")
        for endpoint in ordered:
            if endpoint.method == verb and pattern(endpoint.path).match(path):
                found[endpoint] |= methods
                break
    return found


def calls_in_tests() -> dict[str, set[str]]:
    """Return the client's methods called in contract tests, and in which files: `section.method` → files."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted(TESTS.glob("test_contract_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                found[f"{node.value.attr}.{node.attr}"].add(file.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found[f"{node.value.id}.{node.attr}"].add(file.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
                found[f"*.{node.attr}"].add(file.name)
    return found
