"""The data folder, the database file and the pictures on disk.

May import Django, Pillow, `server.models`, `web.rooms`.
"""
