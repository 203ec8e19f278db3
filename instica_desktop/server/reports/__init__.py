"""Figures and tables about what is stored; nothing here changes anything.

May import Django, `models`, `domain`.
"""
