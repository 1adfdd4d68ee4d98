"""All that sets the site up."""
