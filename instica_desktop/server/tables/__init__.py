"""Tables as files (CSV): reading whatever people bring, writing what reads back exactly.

Reading keeps one record in memory, however long the file or its lines. May import `domain` only.
"""
