"""The one table of the program. `EntityTableModel` reads a `RowFeed`, `EntityTableView` shows it.

model.py      rows of a feed as a Qt model           view.py       the widget: size, feed, signals
input.py      mouse and keys                         painting.py   rows and cells
header.py     heading row                            layout.py     widths, order, what is hidden
selection.py  which rows are selected                skeleton.py   when blocks stand for unknown rows
states.py     empty and error cards                  editing.py    cells edited in place
places.py     who is current, by identity            derived.py    what Qt is told of it

Imports theme, delegates, columns, feed, paint, widgets.states of qtkit.
"""

from instica_desktop.qtkit.entity_table.model import EntityTableModel
from instica_desktop.qtkit.entity_table.places import Heir
from instica_desktop.qtkit.entity_table.selection import RowSelection
from instica_desktop.qtkit.entity_table.view import EntityTableView
from instica_desktop.qtkit.feed import RowFeed

__all__ = ["EntityTableModel", "EntityTableView", "Heir", "RowFeed", "RowSelection"]
