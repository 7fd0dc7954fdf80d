"""Free ports of this machine.

They are taken from below the range out of which systems give ports to outgoing connections, so that no client that
connects between the choice and the start of a server takes the port away.
"""

import random
import socket
import time

_RANGE = range(15_000, 32_000)
_given: set[int] = set()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wanted: int | None = None, patience: float = 3) -> int:
    """`wanted` if its last owner lets go of it within `patience` seconds, else a free one, not given before."""
    deadline = time.monotonic() + patience
    while wanted is not None:
        if is_free(wanted):
            return wanted
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    for port in random.SystemRandom().sample(_RANGE, len(_RANGE)):
        if port not in _given and is_free(port):
            _given.add(port)
            return port
    raise OSError(f"No free port found between {_RANGE.start} and {_RANGE.stop}.")
