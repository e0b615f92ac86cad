"""Bytes to a `Message`: parts, charsets and text, headers and dates, and what kind of mail it is."""

from ingest.parse.message import attachments, html_of, parse, reply_to

__all__ = ["attachments", "html_of", "parse", "reply_to"]
