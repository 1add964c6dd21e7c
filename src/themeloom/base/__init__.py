"""Ground floor: paths, resources and text helpers. Knows no other room."""
