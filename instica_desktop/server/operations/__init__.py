"""What changes a shop, each inside the caller's transaction.

May import `models`, `domain`, `search`, `storage`, `messaging`.
"""
