"""Storage and backups: how much room a shop takes on this computer, and the care of its files."""
