"""Inventory: the table of items and the pane that grades, prices and photographs one."""
