"""Everything that can go wrong between an edit and the server, made to go wrong."""
