"""What leaves the server for a person: mail and text messages, each through a backend chosen by a setting.

May import Django, `storage`.
"""
