"""The tests. Each folder follows the folder of `instica_desktop` it tests; `architecture` holds the rules."""
