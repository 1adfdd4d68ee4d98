"""All that changes rows of the knowledge base."""
