"""Keys and pictures of a real X display, from outside of whatever program shows its window there."""

import ctypes
import ctypes.util
from typing import Any

PAGE_DOWN = 0xFF56
_AS_PIXELS = 2  # ZPixmap
_TO_PARENT = 2


class _Image(ctypes.Structure):
    """The head of XImage (Xlib.h)."""

    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
    )


class Display:
    """The display that `DISPLAY` names."""

    def __init__(self) -> None:
        self._x, self._test = (ctypes.CDLL(ctypes.util.find_library(name)) for name in ("X11", "Xtst"))
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XGetImage.restype = ctypes.POINTER(_Image)
        self._at: Any = ctypes.c_void_p(self._x.XOpenDisplay(None))
        if not self._at:
            raise SystemExit("There is no X display: run this under xvfb-run.")
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._at))

    def focus(self, window: int) -> None:
        """Let keys go to a window, as a window manager would."""
        self._x.XSetInputFocus(self._at, ctypes.c_ulong(window), _TO_PARENT, ctypes.c_ulong(0))
        self._x.XSync(self._at, 0)

    def press(self, key: int) -> None:
        """Press a key and let it go."""
        code = self._x.XKeysymToKeycode(self._at, ctypes.c_ulong(key))
        for down in (1, 0):
            self._test.XTestFakeKeyEvent(self._at, code, down, ctypes.c_ulong(0))
        self._x.XFlush(self._at)

    def picture(self, x: int, y: int, width: int, height: int) -> bytes:
        """Return the pixels of a part of the screen."""
        every = ctypes.c_ulong(0xFFFFFFFF)
        image = self._x.XGetImage(self._at, self._root, x, y, width, height, every, _AS_PIXELS)
        found = ctypes.string_at(image.contents.data, image.contents.bytes_per_line * height)
        self._x.XDestroyImage(image)
        return found
