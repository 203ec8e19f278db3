"""Copying the whole shop in the background and keeping the copy fresh.

`scan` reads everything once and proves that it did, `absence` decides what is gone, `delta` follows what
changed since, `gate` says how fast, `keeper` runs them, `thumbnails` fetches pictures when all else is done.
"""

from instica_desktop.sync.mirror.keeper import Mirror
from instica_desktop.sync.mirror.state import MirrorState, Part

__all__ = ["Mirror", "MirrorState", "Part"]
