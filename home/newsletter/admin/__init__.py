"""The Infobrief in the admin: mailings, readers, numbers."""
