"""What screens with a table have alike: search, filters, the table, deleting, keeping a record in view."""
