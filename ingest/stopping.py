"""Being woken: flags that wake whoever waits at once, also one who waits for a server's socket (`fileno`)."""

import selectors
import socket
from contextlib import suppress


class Bell:
    """Rung by one thread for another. While it rings, `fileno` is readable and no wait lasts."""

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)

    def ring(self) -> None:
        """Wakes the one who waits, or who will."""
        with suppress(OSError):
            self._far.send(b".")

    def wait(self, seconds: float) -> bool:
        """Waits that long, or until it rings; whether it rings."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._near, selectors.EVENT_READ)
            return bool(selector.select(max(0.0, seconds)))

    def quiet(self) -> None:
        """Ends the ringing."""
        with suppress(OSError):
            while self._near.recv(4_096):
                pass

    def fileno(self) -> int:
        """What is readable while it rings."""
        return self._near.fileno()


class Stop:
    """Set once, for good. A signal handler may set it at any moment: no lock is taken."""

    def __init__(self) -> None:
        self._set = False
        self._bell = Bell()

    def set(self) -> None:
        """Tells everybody."""
        self._set = True
        self._bell.ring()

    def is_set(self) -> bool:
        """Whether to stop."""
        return self._set

    def wait(self, seconds: float) -> bool:
        """Waits that long, or until told to stop; whether to stop."""
        return self._set or self._bell.wait(seconds) or self._set
