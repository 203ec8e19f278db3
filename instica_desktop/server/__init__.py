"""The local Instica-compatible server: a Django project on SQLite, one process, for one machine.

It is an independent second implementation of the REST API: it imports nothing of ours, so that a contract
test between it and the client can catch drift. Only `instica_desktop.app` and tests import it, through
`main`. May import: Django, Django REST framework, django-filter, drf-spectacular, waitress, Pillow, PyJWT
with cryptography, the standard library.
"""
