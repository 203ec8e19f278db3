"""Instica Desktop: the inventory manager for record sellers.

This module holds the version and nothing else, so that importing it costs nothing.
The folders below it, and who may import whom, are drawn in docs/architecture.md.
"""

__version__ = "0.1.0"
