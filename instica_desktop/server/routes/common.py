"""What a list and a single record answer to."""

LIST = {"get": "list", "post": "create"}
READ_ONLY = {"get": "list"}
RECORD = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
