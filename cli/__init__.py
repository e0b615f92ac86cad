"""The faces: commands, pages and settings."""
