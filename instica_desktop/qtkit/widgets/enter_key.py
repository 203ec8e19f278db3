"""Enter presses a button as Space does. Qt leaves that to the default button of a dialog; we have none."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton

_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def pressed_by(event: QKeyEvent, button: QAbstractButton) -> bool:
    """Press the button if the key is Enter, and tell whether it was. A key that is held down presses once."""
    if event.key() not in _KEYS or event.modifiers() not in _PLAIN:
        return False
    if not event.isAutoRepeat():
        button.click()
    event.accept()
    return True
