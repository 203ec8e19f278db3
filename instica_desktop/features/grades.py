"""The grades as the pickers offer them."""

from instica_desktop.core.grading import ITEM_GRADES, SLEEVE_EXTRAS
from instica_desktop.qtkit.widgets.segments import Segment

GRADES = tuple(Segment(grade.code, grade.label, accessible=grade.name) for grade in ITEM_GRADES)
EXTRAS = tuple(Segment(grade.code, grade.label, accessible=grade.name) for grade in SLEEVE_EXTRAS)
