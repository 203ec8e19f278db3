"""What the operating system offers: folders, keyring, preferences, logs, resources. Imports core only."""
