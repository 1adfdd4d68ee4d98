"""What visitors type about registrations: checked here, decided in the services."""
