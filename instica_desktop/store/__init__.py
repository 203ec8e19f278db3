"""This computer's copy of the shop and the edits on their way to it: SQLite and files. Imports core only.

`store.Store` opens one account's folder: a disposable cache, a precious outbox, photos waiting to be sent.
SQLite is spoken here and nowhere else, and inside here only through `database`.
"""
