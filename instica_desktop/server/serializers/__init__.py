"""What records look like on the wire (records) and what may be sent (forms).

May import Django REST framework, `models`, `domain`, `operations`.
"""
