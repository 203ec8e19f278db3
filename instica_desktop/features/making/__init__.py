"""Making a record: the form of a copy, of a product, or of both at once; used by more than one screen."""
