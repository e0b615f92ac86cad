"""Speed and memory, beside peers in the same run: `python -m tools.bench`."""
