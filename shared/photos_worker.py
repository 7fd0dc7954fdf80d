"""The process in which one photo is developed: bytes in at standard input, the answer out at standard output.

What comes from strangers is decoded by libraries in C. Whatever such a file does to them, it does it here: with bounded memory and
computing time, at low priority, and the service goes on. `develop_apart` is the other end.
"""

import asyncio
import os
import resource
import struct
import sys
from contextlib import suppress

from shared.photos_image import Developed, Unfit, develop

SIZES = struct.Struct(">4I")  # of the full photo and of the thumbnail, in bytes; width and height, in pixels
NO_PHOTO = 3  # exit code: standard output says why
CPU_SECONDS, WALL_SECONDS = 30, 120.0
MEMORY_BYTES = 2_000_000_000
GENTLE = 10  # niceness
ENDED = Unfit(422, "The photo cannot be read; send it in another format.", "无法读取该图片，请换一种格式上传。")


async def develop_apart(data: bytes, most_pixels: int) -> Developed:
    """Return what `develop` returns, made in a process of its own. Raises Unfit, also for what ended that process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, str(most_pixels), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        told, _ = await asyncio.wait_for(process.communicate(data), WALL_SECONDS)
    except TimeoutError as slow:
        raise ENDED from slow
    finally:
        if process.returncode is None:  # too slow, or nobody waits for it any more
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode == NO_PHOTO:
        status, en, zh = told.decode().split("\n")
        raise Unfit(int(status), en, zh)
    if process.returncode != 0:
        raise ENDED
    full, thumb, width, height = SIZES.unpack_from(told)
    body = told[SIZES.size :]
    return Developed(body[:full], body[full : full + thumb], width, height)


def work(most_pixels: int) -> int:
    """Develop what comes in; return the exit code."""
    try:
        made = develop(sys.stdin.buffer.read(), most_pixels)
    except Unfit as unfit:
        sys.stdout.buffer.write(f"{unfit.status}\n{unfit.en}\n{unfit.zh}".encode())
        return NO_PHOTO
    sys.stdout.buffer.write(SIZES.pack(len(made.full), len(made.thumb), made.width, made.height) + made.full + made.thumb)
    return 0


def bound() -> None:
    """Let this process have no more than it needs, and only what others leave."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    os.nice(GENTLE)


if __name__ == "__main__":
    bound()
    sys.exit(work(int(sys.argv[1])))
