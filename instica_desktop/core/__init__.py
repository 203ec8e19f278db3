"""The trade's words as plain data: models, queries, patches, errors. No Qt, no I/O; imports only msgspec."""
