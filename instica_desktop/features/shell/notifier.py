"""What the window says by itself: notices, offers of Undo, problems, crashes. All are kept in the log."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from instica_desktop.core.errors import DiskFull, InsticaError, NetworkError, StoreError, Throttled
from instica_desktop.features.notices import NoticeLog
from instica_desktop.features.offers import UndoOffer
from instica_desktop.qtkit.widgets.toast import Toast, ToastHost, ToastTone

if TYPE_CHECKING:
    from instica_desktop.sync.watching import Watch
CRASH_WORDS = "Something unexpected happened"
CRASH_TEXT = "What you saved is safe."
CRASH_HELP = (
    "This is what a report holds. Keys and passwords are left out. Nothing is sent: copy it and add it to a "
    "message to support if you like."
)


class Notifier(QObject):
    """Shows toasts over the window and keeps their words."""

    def __init__(self, window: QWidget, room: Callable[[], QRect]) -> None:
        """`room` tells where messages may stand."""
        super().__init__(window)
        self._window = window
        self.log = NoticeLog(self)
        self.toasts = ToastHost(window, room)
        self._crash: Toast | None = None
        self._reports: list[str] = []

    def say(self, words: str) -> None:
        """Show a notice that goes by itself. The same words are not shown twice at once."""
        words = self.log.add(words).words
        if not any(toast.headline == words for toast in self.toasts.toasts):
            self.toasts.show(words, tone="info")

    def unsay(self, words: str) -> None:
        """Withdraw a notice that turned out not to be so."""
        for toast in self.toasts.toasts:
            if toast.headline == words:
                toast.dismiss()

    def offer_undo(self, words: str, undo: Callable[[], None], offer: UndoOffer | None = None) -> None:
        """Show what was done, with Undo; given an offer, for as long as that stands."""
        self.log.add(words)
        toast = self.toasts.show(words, action="Undo", on_action=undo)
        if offer is not None:
            offer.ended.connect(toast.dismiss)
            toast.stayed.connect(offer.stays)
            toast.acted.connect(offer.taken)
            toast.closed.connect(offer.gone)

    def show_work(self, words: str, watch: "Watch") -> None:
        """Show how far long work is until it ends, with a button that stops it."""
        toast = self.toasts.progress(words, 0)
        toast.acted.connect(watch.stop)
        toast.closed.connect(watch.unseen)
        watch.told, watch.named, watch.ended = toast.set_progress, toast.set_headline, toast.dismiss

    def show_problem(self, error: InsticaError) -> None:
        """Show a problem; its technical part, if there is one, behind “Details”."""
        notice = self.log.add(error.said, details=error.details, problem=True)
        words = notice.words
        if any(toast.headline == words for toast in self.toasts.toasts):
            return
        details = partial(self.show_details, words, notice.details) if notice.details else None
        self.toasts.show(words, tone=_tone(error), action="Details" if details else "", on_action=details)

    def show_details(self, words: str, details: str) -> None:
        """Show the technical part of a problem, to read and copy."""
        self._show_report("Details", words, details)

    def show_crash(self, report: str) -> None:
        """Say that something unexpected happened. Several at once make one toast, whose report holds all."""
        self.log.add(CRASH_WORDS, details=report, problem=True)
        if self._crash is None:
            self._reports = [report]
            self._crash = self.toasts.show(
                CRASH_WORDS,
                CRASH_TEXT,
                "danger",
                action="Report",
                on_action=self._show_reports,
                stays_ms=0,
            )
            self._crash.closed.connect(self._crash_closed)
        elif report not in self._reports:
            self._reports.append(report)

    def _show_reports(self) -> None:
        self._show_report(CRASH_WORDS, CRASH_HELP, "\n\n".join(self._reports))

    def _show_report(self, title: str, words: str, text: str) -> None:
        from instica_desktop.features.shell.report_dialog import ReportDialog

        ReportDialog(self._window, title, words, text).open()

    def _crash_closed(self) -> None:
        self._crash = None


def _tone(error: InsticaError) -> ToastTone:
    """Return how grave it is: what mends itself is amber, what lost room or data red."""
    if isinstance(error, DiskFull | StoreError):
        return "danger"
    return "warning" if isinstance(error, NetworkError | Throttled) else "danger"
