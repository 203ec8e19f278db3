"""The history of the shop's tables, applied in order to an older database. May import Django only."""
