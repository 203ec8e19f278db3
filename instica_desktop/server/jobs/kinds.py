"""Which kind of job is done by what."""

from instica_desktop.server.jobs import csv_import, marketplace_import
from instica_desktop.server.jobs.work import Handler

KINDS: dict[str, Handler] = {
    csv_import.KIND: csv_import.import_rows,
    marketplace_import.KIND: marketplace_import.import_offers,
}
"""Handler by kind."""
