"""Stand-ins for the marketplaces: no request ever leaves this machine, and every answer says so.

May import `models`, `domain`, `seeding`. A real marketplace would offer what `simulation.marketplace` does.
"""
