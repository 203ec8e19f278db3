"""The Instica-compatible server, in Django: alone on SQLite, or for a team on PostgreSQL (`team`).

It is an independent second implementation of the REST API: it imports nothing of ours, so that a contract
test between it and the client can catch drift. Only `instica_desktop.app` and tests import it, through
`main`. May import: Django, Django REST framework, django-filter, drf-spectacular, waitress, msgspec, Pillow,
PyJWT with cryptography, the standard library; gunicorn, Celery and psycopg only where a team's server needs
them.
"""
