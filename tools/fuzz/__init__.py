"""Hostile mails: damaged seeds and repeated tokens, as hypothesis finds them; `python -m tools.fuzz` reads them."""
