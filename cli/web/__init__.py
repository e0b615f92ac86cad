"""Pages as HTML: one self-contained file without scripts, without anything loaded from elsewhere, for screen and A4."""
