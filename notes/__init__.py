"""What is known and what follows from it. Pure, except `notes.store`."""
