"""The error tree: what its docstring draws is what there is."""

import inspect
import re

import pytest

from instica_desktop.core import errors

CLASSES = {
    name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)
}


def test_the_tree_drawn_in_the_docstring_is_the_tree() -> None:
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^((?:[│ ]   )*)(?:[├└]── )?([A-Z]\w+)\b", line)
        if found and found[2] in CLASSES:
            depth = len(found[1]) // 4 + (1 if "── " in line else 0)
            path[depth:] = [found[2]]
            drawn[found[2]] = path[depth - 1] if depth else ""
    assert drawn == {
        name: "" if kind is errors.InsticaError else kind.__mro__[1].__name__
        for name, kind in CLASSES.items()
    }


def test_a_validation_error_speaks_with_its_first_message() -> None:
    found = errors.ValidationFailed({"name": [], "price_item_usd": ["Too low.", "Odd."]})
    assert (found.message, found.fields["price_item_usd"]) == ("Too low.", ("Too low.", "Odd."))
    assert errors.ValidationFailed({}).message == "Instica refused the change."


@pytest.mark.parametrize("kind", [errors.InputError, errors.Unreachable, errors.DiskFull])
def test_an_error_reads_as_its_message_and_keeps_details_apart(kind: type[errors.InsticaError]) -> None:
    found = kind("No room left.", details="SQLITE_FULL")
    assert (str(found), found.message, found.details) == ("No room left.", "No room left.", "SQLITE_FULL")
