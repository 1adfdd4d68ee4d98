"""Pages for readers: at own translated addresses, outside page tree, sitemap and cache."""
