"""A process that a file brought down."""

import os
import signal

os.kill(os.getpid(), signal.SIGSEGV)
