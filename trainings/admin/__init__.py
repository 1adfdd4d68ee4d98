"""Runs in the admin: what organisers and reviewers see and do. Views read, ask for the right and call services."""
