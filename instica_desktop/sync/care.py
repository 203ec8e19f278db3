"""The words of `Shop.care` that a screen needs: what it answers with."""

from instica_desktop.store.backups import Backup
from instica_desktop.store.care import Care, Sizes
from instica_desktop.store.checking import Finding, Report
from instica_desktop.store.restoring import Restored

__all__ = ["Backup", "Care", "Finding", "Report", "Restored", "Sizes"]
