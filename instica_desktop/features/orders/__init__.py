"""Orders: the table of sales, and the view that ships one."""
