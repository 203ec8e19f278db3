"""Settings: how the app looks, what this computer keeps of a shop, whether the network is used."""
