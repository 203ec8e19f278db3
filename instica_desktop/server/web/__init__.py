"""How requests come in and answers go out: door, rooms, exposure, credentials, errors, paging, idempotency.

May import Django, Django REST framework, `server.models`, `server.domain`; `usage` its operation.
"""
