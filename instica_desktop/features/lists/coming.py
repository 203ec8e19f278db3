"""The rows of another order, until they are worth showing: a part, put in order, is not the order."""

from PySide6.QtCore import QObject, QTimer, Signal

from instica_desktop.sync import Results

PATIENCE_MS = 1_500
"""So long the former order stands while the server is asked for the new one."""


class Coming(QObject):
    """Rows that are waited for. `came(Results)` when the server has answered, cannot, or takes too long."""

    came = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._results: Results | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._hand_over)

    @property
    def waiting(self) -> bool:
        """Whether rows are waited for."""
        return self._results is not None

    def wait_for(self, results: Results) -> None:
        """Wait for these rows."""
        self._results = results
        results.listeners.append(self._heard)
        self._patience.start()

    def drop(self) -> None:
        """Want them no longer."""
        results, self._results = self._results, None
        self._patience.stop()
        if results is not None:
            results.close()

    def _heard(self, _event: object) -> None:
        results = self._results
        if results is not None and (results.from_server or results.error or not results.loading):
            self._hand_over()

    def _hand_over(self) -> None:
        results, self._results = self._results, None
        self._patience.stop()
        if results is not None:
            results.listeners.remove(self._heard)
            self.came.emit(results)
