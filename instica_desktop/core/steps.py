"""Names of the moments at which something became durable or left the computer.

`reached` does nothing. A test of crashes gives it a listener that ends the process right there, so that every
step between two writes is proven to be survivable.
"""

from collections.abc import Callable

listener: Callable[[str], None] | None = None


def reached(step: str) -> None:
    """Say that a step is done, for whoever listens."""
    if listener is not None:
        listener(step)
