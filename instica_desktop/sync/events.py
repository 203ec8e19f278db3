"""What the rows of a query tell their table while they arrive. Tables know the shapes, not this module."""

import msgspec


class Reset(msgspec.Struct, frozen=True):
    """Rows appeared, went or moved: everything may be different."""


class RowsChanged(msgspec.Struct, frozen=True):
    """The rows from `first` to `last`, both included, read differently now."""

    first: int
    last: int


class CountChanged(msgspec.Struct, frozen=True):
    """The number of rows became known or changed at the end; the rows already shown stay where they are."""

    count: int


class StateChanged(msgspec.Struct, frozen=True):
    """Loading, error, source or age changed; the rows did not."""


ResultsEvent = Reset | RowsChanged | CountChanged | StateChanged
