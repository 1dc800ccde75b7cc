"""Displayed mathematics that says where its truth comes from, and the reader that compares it with its Python."""
