"""Sleeve pictures drawn by the program: abstract, made from a release's key alone. May import Pillow only."""
