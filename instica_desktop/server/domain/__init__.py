"""Rules without a database: grades, statuses, platforms, text, uids. May import the standard library only."""
