"""A trace for people and other programs: JSON, CSV, GraphML, a page; and tracing it again to compare."""
