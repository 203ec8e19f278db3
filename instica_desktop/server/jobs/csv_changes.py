"""What an import changed of an item, as the API shows the values."""

from collections.abc import Mapping
from typing import Any

from instica_desktop.server.jobs.csv_results import Change
from instica_desktop.server.models import Item
from instica_desktop.server.serializers.inventory import ItemForm

_FORM: Any = ItemForm()
_FIELDS: dict[str, tuple[str, Any]] = {field.source: (name, field) for name, field in _FORM.fields.items()}
"""Where an item keeps a field → its name and how it is shown."""
_CODES = ("condition_item", "condition_container")


def changes_of(before: Mapping[str, Any], item: Item) -> list[Change]:
    """Return in which fields an item differs from what it was."""
    return [
        (name, _shown(name, field, before[source]), _shown(name, field, getattr(item, source)))
        for source, (name, field) in _FIELDS.items()
        if before[source] != getattr(item, source)
    ]


def differences(item: Item, wanted: Mapping[str, Any]) -> list[Change]:
    """Return in which fields an item is otherwise than wanted."""
    return [
        (name, _shown(name, field, getattr(item, source)), _shown(name, field, wanted[source]))
        for source, (name, field) in _FIELDS.items()
        if source in wanted and wanted[source] != getattr(item, source)
    ]


def _shown(name: str, field: Any, value: Any) -> Any:
    if value is None or (value == "" and name in _CODES):
        return None
    return field.to_representation(value)
