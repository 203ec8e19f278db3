"""Several shops in one program: what passes between them, which must be nothing."""
