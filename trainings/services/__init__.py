"""All that changes offers and runs."""
