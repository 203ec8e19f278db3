"""Mutation tests: each makes one small change to the program and asks whether any test notices.

    make mutants ARGS="--minutes 20 instica_desktop/sync/mirror"

`operators` has the changes, `reach` which tests call which function, `__main__` tries mutants in a copy.
"""
