"""What a service manager is told (sd_notify(3)): a datagram to the socket it names, and nothing where it names none."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

READY = "READY=1"
STOPPING = "STOPPING=1"
ALIVE = "WATCHDOG=1"


def notify(environ: Mapping[str, str], *states: str) -> bool:
    """Tells the states; whether somebody listens. A manager that went away is nobody's failure."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")) or not hasattr(socket, "AF_UNIX"):
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.connect(address)
        sender.sendall("\n".join(states).encode())
        return True
    return False


def watched(environ: Mapping[str, str]) -> bool:
    """Whether the manager wants to hear that this very process lives ($WATCHDOG_USEC, $WATCHDOG_PID)."""
    asked = environ.get("WATCHDOG_USEC", "")
    return asked.isdigit() and int(asked) > 0 and environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
