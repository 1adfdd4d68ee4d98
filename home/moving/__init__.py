"""Moving in and out: pages, rows and files as JSON Lines, read by `import_content`, written by `export_content`."""
