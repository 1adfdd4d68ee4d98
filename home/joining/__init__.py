"""Enquiries of municipalities that want to join or be advised, and mail to those who have joined."""
