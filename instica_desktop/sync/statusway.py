"""From one item status to another by legal single moves: offline, several moves may have become one edit."""

from collections import deque

from instica_desktop.core.statuses import ITEM_STATUSES, next_statuses

_CODES = tuple(status.code for status in ITEM_STATUSES)


def status_way(before: str, after: str) -> tuple[str, ...]:
    """Return the statuses to pass through, `after` last. The archive is no way through.

    Forward moves are preferred. Just `after` when it is one move, or when there is no way we know of: then
    the server is asked directly.
    """
    came: dict[str, str] = {before: ""}
    waiting = deque([before])
    while waiting and after not in came:
        here = waiting.popleft()
        if here == "archived" and here != before:
            continue
        for there in _moves(here):
            if there not in came:
                came[there] = here
                waiting.append(there)
    if after not in came or after == before:
        return (after,)
    way = [after]
    while came[way[-1]] != before:
        way.append(came[way[-1]])
    return tuple(reversed(way))


def _moves(here: str) -> tuple[str, ...]:
    """Return forward moves, then the ways back."""
    return (*next_statuses(here), *(code for code in _CODES if here in next_statuses(code)))
