"""Taxonomies as files: each published shape read into the same records, pure."""
