"""Bytes to a `Message`: parts, charsets and text, headers and dates, and what kind of mail it is."""

from ingest.parse.message import attachments, parse

__all__ = ["attachments", "parse"]
