"""Release facts from the catalogue CSV: who made what, on which label, when and where."""

import csv
from pathlib import Path
from typing import NamedTuple

_COLUMNS = {
    "artist",
    "title",
    "label",
    "catalogue_number",
    "year",
    "format",
    "country",
    "barcode",
    "genres",
    "discogs_release_id",
}


class CatalogueUnusable(ValueError):
    """The catalogue file is missing, empty or lacks a column."""


class Fact(NamedTuple):
    """One pressing of a release. `year` and `discogs_release_id` are None where unknown."""

    artist: str
    title: str
    label: str
    catalogue_number: str
    year: int | None
    format: str
    country: str
    barcode: str
    genres: tuple[str, ...]
    discogs_release_id: int | None


def _fact(row: dict[str, str]) -> Fact:
    return Fact(
        artist=row["artist"],
        title=row["title"],
        label=row["label"],
        catalogue_number=row["catalogue_number"],
        year=int(row["year"]) if row["year"] else None,
        format=row["format"],
        country=row["country"],
        barcode=row["barcode"],
        genres=tuple(genre for genre in row["genres"].split("|") if genre),
        discogs_release_id=int(row["discogs_release_id"]) if row["discogs_release_id"] else None,
    )


def read_facts(path: Path) -> list[Fact]:
    """Return the facts of a catalogue file (UTF-8 CSV with a header). Errors: `CatalogueUnusable`."""
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = _COLUMNS - set(reader.fieldnames or ())
            if missing:
                raise CatalogueUnusable(f"{path} has no column {', '.join(sorted(missing))}.")
            facts = [_fact(row) for row in reader]
    except OSError as error:
        raise CatalogueUnusable(f"The catalogue {path} cannot be read: {error.strerror}.") from None
    if not facts:
        raise CatalogueUnusable(f"The catalogue {path} is empty.")
    return facts
