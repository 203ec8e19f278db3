"""Where something stands on a server: what kind of path leads there, and the names in it."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Place:
    """A path: its `kind`, such as `/api/v1/orders/{}/shipments/`, and the `names` for its `{}`, in order."""

    kind: str
    names: tuple[str, ...] = ()

    @classmethod
    def below(cls, root: str, name: str, *more: str) -> "Place":
        """Return the place of a record in a list, or below it: after its name, words and names take turns."""
        kind = f"{root}{{}}/" + "".join("{}/" if at % 2 else f"{word}/" for at, word in enumerate(more))
        return cls(kind, (name, *more[1::2]))

    @property
    def path(self) -> str:
        """The path as it is sent.

        Raises:
            ValueError: for an empty name, which would address something else.
        """
        return self.kind.format(*map(segment, self.names))

    @property
    def root(self) -> str:
        """The path of the list it belongs to."""
        return self.kind.partition("{}")[0]

    @property
    def record(self) -> "Place":
        """The place of the record it belongs to."""
        return Place.below(self.root, self.names[0])

    @property
    def part(self) -> str:
        """The name of the part of the record, where it names one."""
        return self.names[-1] if len(self.names) > 1 else ""


def segment(uid: str | int) -> str:
    """Return a uid as one path segment, whatever it holds.

    Raises:
        ValueError: for an empty uid, which would address the whole list.
    """
    text = quote(str(uid), safe="")
    if not text:
        raise ValueError("a uid is never empty")
    return text if text.strip(".") else text.replace(".", "%2E")
