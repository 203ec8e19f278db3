"""Lets an answer go once it is written: what refers in a circle stays until the garbage collector comes.

Django REST framework has a view, its request and its response refer to each other, and the view to itself;
Django has a row and what was read along with it do so. Each answer would stay with all its records.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse


class ReleaseMiddleware:
    """Cuts what view, request and response know of each other, after the response has been rendered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """Have a response of the framework cut loose as the last step of its rendering."""
        if getattr(response, "renderer_context", None):
            response.add_post_render_callback(_cut_loose)
        return response


def _cut_loose(response: Any) -> None:
    context, response.renderer_context = response.renderer_context, {}
    context["request"].parser_context.clear()
    vars(context["view"]).clear()
    context.clear()


def let_rows_go(rows: Iterable[Any]) -> None:
    """Have rows, and those they refer to, forget what was read along with them. They have been shown."""
    waiting, seen = list(rows), set[int]()
    while waiting:
        row = waiting.pop()
        if id(row) in seen:
            continue
        seen.add(id(row))
        held = vars(row)
        along: list[Any] = list(held.pop("_prefetched_objects_cache", {}).values())
        names = [name for name, value in held.items() if value and isinstance(value, list)]
        along += [held.pop(name) for name in names if isinstance(held[name][0], Model)]
        waiting += [one for found in along for one in found]
        waiting += [one for one in row._state.fields_cache.values() if one is not None]
