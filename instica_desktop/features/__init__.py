"""The screens, one folder each. A feature may import sync, qtkit, system and core; never another feature.

What several screens share stands in this folder itself: `context` (what a screen is given), `undo` (taking
edits back), `marks` (what a row says about its unsent edits).
"""
