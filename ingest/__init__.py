"""The way in: from a mailbox or a file to a message in the diary."""
