"""Query parameters of the lists: filters, search and orderings.

May import django-filter, `models`, `domain`.
"""
