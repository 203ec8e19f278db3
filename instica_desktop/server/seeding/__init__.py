"""Filling a shop with realistic records: real releases as facts, everything else made up and repeatable.

May import Django, `models`, `domain`, `operations`, `search`, `sleeves`.
"""
