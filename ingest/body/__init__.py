"""A decoded text to zones: what is newly written, quoted, signature. The words that mail clients print live here."""

from ingest.body.zones import divide

__all__ = ["divide"]
