"""One version of a field, as a card with a radio circle. In text, the words that changed are marked."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from instica_desktop.features.activity.compare import changed_spans, excerpt
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.fonts import font

LEFT, RIGHT, TOP = 36, 12, 10
LEAST = 40
TEXT_MOST = 360
"""Of longer texts the changes are shown with a few words around; the whole of both stays in History."""


class ValueCard(QRadioButton):
    """A choice of 40 px or more. `before` is what the changed words are found by; None marks nothing."""

    def __init__(self, text: str, before: str | None, name: str, accessible: str, parent: QWidget) -> None:
        super().__init__(parent)
        name_widget(self, name, f"{accessible}: {text}")
        spans = changed_spans(before, text) if before is not None else []
        self._text, self._spans = excerpt(text, spans, TEXT_MOST)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def marked(self) -> list[str]:
        """The words that stand out."""
        return [self._text[start : start + length] for start, length in self._spans]

    def hasHeightForWidth(self) -> bool:
        """Tell that long text needs more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the text at this width."""
        layout = self._laid_out(width)
        return max(LEAST, round(layout.boundingRect().height()) + 2 * TOP)

    def sizeHint(self) -> QSize:
        """Return a usual width and its height."""
        return QSize(256, self.heightForWidth(256))

    def minimumSizeHint(self) -> QSize:
        """Return the least."""
        return QSize(160, LEAST)

    def hitButton(self, pos: object) -> bool:
        """Take clicks anywhere on the card."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrow keys to the dialog, which knows fields and sides."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
            return
        super().keyPressEvent(event)

    def _laid_out(self, width: int) -> QTextLayout:
        layout = QTextLayout(self._text, font("strong" if self.isChecked() else "body"))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([self._format(start, length) for start, length in self._spans])
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(20, width - LEFT - RIGHT))
            line.setPosition(QPointF(0, top))
            top += max(20.0, line.height())
        layout.endLayout()
        return layout

    def _format(self, start: int, length: int) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start, made.length = start, length  # pyright: ignore[reportAttributeAccessIssue]
        look = QTextCharFormat()
        look.setBackground(color("warning_bg"))
        look.setForeground(color("warning_text"))
        made.format = look  # pyright: ignore[reportAttributeAccessIssue]
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw card, circle and text."""
        painter = QPainter(self)
        on = self.isChecked()
        fill = color("tint" if on else "raised" if self.underMouse() else "card")
        border = color("brand" if on or self.hasFocus() else "control")
        paint.rounded(painter, QRectF(self.rect()), 8, fill, border, 2 if self.hasFocus() else 1)
        circle = QRectF(12, 12, 16, 16)
        if on:
            paint.rounded(painter, circle, 8, color("card"), color("brand"), 5)
        else:
            paint.rounded(painter, circle, 8, color("card"), color("control"))
        painter.setPen(color("text"))
        self._laid_out(self.width()).draw(painter, QPointF(LEFT, TOP))
