"""Tests of the window: menus, rail, status bar, notices."""
