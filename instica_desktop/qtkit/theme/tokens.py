"""The only home of colours and sizes. Style sheet and painters read them from here.

Colours are `#RRGGBB`, or `#AARRGGBB` where they are translucent. Sizes are device-independent pixels.
Every pair that is used is listed in `TEXT_PAIRS` (4.5:1) or `SHAPE_PAIRS` (3:1); a test computes them.
"""

from collections.abc import Mapping
from typing import Final, Literal

Scheme = Literal["light", "dark"]

Token = Literal[
    "brand",
    "on_brand",
    "brand_hover",
    "tint",
    "on_tint",
    "base",
    "card",
    "raised",
    "border",
    "control",
    "control_raised",
    "edge",
    "hair",
    "scrim",
    "shadow",
    "shadow_low",
    "text",
    "text_2",
    "text_3",
    "success",
    "warning",
    "danger",
    "info",
    "success_bg",
    "success_text",
    "warning_bg",
    "warning_text",
    "error_bg",
    "error_text",
    "info_bg",
    "info_text",
    "neutral_bg",
    "neutral_text",
    "chart_1",
    "chart_2",
    "chart_3",
    "chart_4",
    "chart_neutral",
]

LIGHT: Final[Mapping[Token, str]] = {
    "brand": "#4F46E5",
    "on_brand": "#FFFFFF",
    "brand_hover": "#4338CA",
    "tint": "#EEF2FF",
    "on_tint": "#4338CA",
    "base": "#F8FAFC",
    "card": "#FFFFFF",
    "raised": "#F1F5F9",
    "border": "#E2E8F0",
    "control": "#7C8BA1",
    "control_raised": "#7C8BA1",
    "edge": "#E2E8F0",
    "hair": "#1A0F172A",
    "scrim": "#660F172A",
    "shadow": "#240F172A",
    "shadow_low": "#0F0F172A",
    "text": "#0F172A",
    "text_2": "#475569",
    "text_3": "#64748B",
    "success": "#059669",
    "warning": "#EA580C",
    "danger": "#DC2626",
    "info": "#2563EB",
    "success_bg": "#DCFCE7",
    "success_text": "#166534",
    "warning_bg": "#FEF3C7",
    "warning_text": "#92400E",
    "error_bg": "#FEE2E2",
    "error_text": "#991B1B",
    "info_bg": "#DBEAFE",
    "info_text": "#1E40AF",
    "neutral_bg": "#F1F5F9",
    "neutral_text": "#475569",
    "chart_1": "#4F46E5",
    "chart_2": "#0891B2",
    "chart_3": "#D97706",
    "chart_4": "#DB2777",
    "chart_neutral": "#64748B",
}

DARK: Final[Mapping[Token, str]] = {
    "brand": "#818CF8",
    "on_brand": "#0F172A",
    "brand_hover": "#A5B4FC",
    "tint": "#312E81",
    "on_tint": "#C7D2FE",
    "base": "#0F172A",
    "card": "#1F2937",
    "raised": "#334155",
    "border": "#334155",
    "control": "#64748B",
    "control_raised": "#94A3B8",
    "edge": "#475569",
    "hair": "#24F1F5F9",
    "scrim": "#99020617",
    "shadow": "#00000000",
    "shadow_low": "#00000000",
    "text": "#F1F5F9",
    "text_2": "#CBD5E1",
    "text_3": "#94A3B8",
    "success": "#34D399",
    "warning": "#FBBF24",
    "danger": "#F87171",
    "info": "#60A5FA",
    "success_bg": "#14532D",
    "success_text": "#86EFAC",
    "warning_bg": "#78350F",
    "warning_text": "#FDE047",
    "error_bg": "#7F1D1D",
    "error_text": "#FCA5A5",
    "info_bg": "#1E3A8A",
    "info_text": "#93C5FD",
    "neutral_bg": "#475569",
    "neutral_text": "#CBD5E1",
    "chart_1": "#818CF8",
    "chart_2": "#06B6D4",
    "chart_3": "#FBBF24",
    "chart_4": "#F472B6",
    "chart_neutral": "#94A3B8",
}

SCHEMES: Final[Mapping[Scheme, Mapping[Token, str]]] = {"light": LIGHT, "dark": DARK}

Tone = Literal["neutral", "success", "warning", "error", "info", "tint"]
"""What a badge says about its word. The word carries the meaning; the tone repeats it."""

TONES: Final[Mapping[Tone, tuple[Token, Token]]] = {
    "neutral": ("neutral_bg", "neutral_text"),
    "success": ("success_bg", "success_text"),
    "warning": ("warning_bg", "warning_text"),
    "error": ("error_bg", "error_text"),
    "info": ("info_bg", "info_text"),
    "tint": ("tint", "on_tint"),
}
"""Background and text of each tone."""

TEXT_PAIRS: Final[tuple[tuple[Token, Token], ...]] = (
    *((ink, ground) for ink in ("text", "text_2") for ground in ("base", "card", "raised", "tint")),
    ("text_3", "base"),
    ("text_3", "card"),
    ("brand", "base"),
    ("brand", "card"),
    ("on_tint", "tint"),
    ("on_tint", "card"),
    ("on_brand", "brand"),
    ("on_brand", "brand_hover"),
    ("error_text", "card"),
    ("error_text", "base"),
    ("error_text", "raised"),
    ("success_text", "card"),
    ("warning_text", "card"),
    ("base", "text"),
    *((text, ground) for ground, text in TONES.values()),
)
"""Every (text, ground) pair in use; each must reach 4.5:1."""

SHAPE_PAIRS: Final[tuple[tuple[Token, Token], ...]] = (
    ("control", "card"),
    ("control", "base"),
    ("control_raised", "raised"),
    ("brand", "card"),
    ("brand", "base"),
    ("brand", "raised"),
    ("brand", "tint"),
    *((state, ground) for state in ("success", "warning", "danger", "info") for ground in ("base", "card")),
    *((hue, "card") for hue in ("chart_1", "chart_2", "chart_3", "chart_4", "chart_neutral")),
)
"""Every (icon or outline, ground) pair in use; each must reach 3:1."""

DISABLED_INK: Final[Token] = "text_3"

RADIUS: Final = 8
RADIUS_SMALL: Final = 6
RADIUS_CARD: Final = 12
ROW_COMFORTABLE: Final = 40
ROW_COMPACT: Final = 28
HEADER_HEIGHT: Final = 32
CONTROL_HEIGHT: Final = 32
TABLE_EDGE: Final = 12
TABLE_PAD: Final = 6
RAIL_WIDE: Final = 200
RAIL_NARROW: Final = 52
TOAST_WIDTH: Final = 400
SKELETON_DELAY_MS: Final = 150
MOTION_MS: Final = 140
SPACING: Final = (4, 8, 12, 16, 20, 24, 32, 40, 48, 64)


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2) of `#RRGGBB`."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two opaque colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
