"""Tests of the trade's words: models, money, grades, statuses, folding, queries, overlay. No I/O."""
