"""DiracX's own Python client with sandboxes, wherever the server keeps them: up, up again, down. Says the sandbox's name.

Environment: DIRACX_URL, DIRACX_CREDENTIALS_PATH; an argument: an empty folder to work in.
"""

import asyncio
import sys
from pathlib import Path

from diracx.api.jobs import create_sandbox, download_sandbox


async def main(folder):
    source = folder / "source"
    source.mkdir()
    (source / "numbers.txt").write_text("1 2 3\n")
    pfn = await create_sandbox([source])
    assert await create_sandbox([source]) == pfn
    await download_sandbox(pfn, folder / "down")
    assert (folder / "down" / "source" / "numbers.txt").read_text() == "1 2 3\n"
    print(pfn)


asyncio.run(main(Path(sys.argv[1])))
