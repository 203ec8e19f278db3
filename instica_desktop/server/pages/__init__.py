"""The few HTML pages a browser opens, outside `/api/`: templates and the one way to show them."""
