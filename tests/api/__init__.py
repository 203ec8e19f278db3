"""Tests of the API client: faults against a scripted server, the contract against the real one."""
