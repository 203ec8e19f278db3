"""How requests come in and answers go out: exposure, credentials, parsing, errors, paging, tags, idempotency.

May import Django, Django REST framework, `server.models`, `server.domain`; `usage` its operation.
"""
