"""Tests of the page of storage and backups."""
