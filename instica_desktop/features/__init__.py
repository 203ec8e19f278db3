"""The screens, one folder each. A feature may import sync, qtkit, system and core; never another feature.

What several screens share is no screen: `lists` (tables and what goes with them), `making` (the forms that
make a record), and the modules in this folder itself, as `context` (what a screen is given), `undo` (taking
edits back), `marks` (what a row says about its unsent edits).
"""
