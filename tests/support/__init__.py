"""What tests of several areas share: a network that fails on purpose."""
