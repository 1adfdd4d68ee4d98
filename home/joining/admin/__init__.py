"""Enquiries and letters to members in the admin."""
