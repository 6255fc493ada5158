"""The configuration of the Django project: settings read from the environment, addresses, the entry of the server."""
