"""The origin story, served by a real IMAP server on loopback."""
