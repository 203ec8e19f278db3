"""Measurements, run by hand or by `make bench`; they may import anything."""
