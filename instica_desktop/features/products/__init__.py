"""Products: the table of releases and what a shop has of each."""
