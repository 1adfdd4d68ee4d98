"""Engines of the search behind one small interface."""
