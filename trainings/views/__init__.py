"""Pages of registration: forms and the manage page, outside the page tree, the sitemap and every cache."""
