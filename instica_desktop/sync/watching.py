"""Long work and whoever watches it: how far it is, and whether it is to stop."""

from collections.abc import Callable

from instica_desktop.core.errors import InputError


class Stopped(InputError):
    """The user stopped it; the message says how things stand."""


class Watch:
    """Watches one piece of long work. `told` is called with (done, of) after each part."""

    def __init__(self, told: Callable[[int, int], None] | None = None) -> None:
        self.told = told
        self.named: Callable[[str], None] | None = None
        """Called with the words for what is done now, when that is something else than before."""
        self.ended: Callable[[], None] | None = None
        """Called once it is over, however it ends."""
        self.asked: Callable[[], None] | None = None
        """Called when it is to stop, by work that does not look at `stopped` by itself."""
        self.stopped = False

    def stop(self) -> None:
        """Have it stop after the part it is at."""
        self.stopped = True
        if self.asked:
            self.asked()

    def unseen(self) -> None:
        """Nobody looks any more."""
        self.told = self.named = self.ended = None

    def end(self) -> None:
        """Say that it is over."""
        if self.ended:
            self.ended()

    def begin(self, of: int) -> None:
        """Say how much there is to do, before it is known what."""
        self.show(0, of)

    def name(self, words: str) -> None:
        """Say what is done now."""
        if self.named:
            self.named(words)

    def show(self, done: int, of: int) -> None:
        """Say how far it is with what cannot be stopped."""
        if self.told:
            self.told(done, of)

    def tell(self, done: int, of: int) -> None:
        """Say how far it is.

        Raises:
            Stopped: it is to stop, and there is more to do.
        """
        self.show(done, of)
        if self.stopped and done < of:
            raise Stopped("Stopped.")


UNWATCHED = Watch()
