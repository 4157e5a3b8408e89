"""Put ready-made kernels into a wheel, and say for which machines it is.

Kernels are machine code of a system and a kind of processor, but call nothing of Python or Numba
(``sim.world.native``), so that one wheel serves every version of either: whoever installs it never compiles. Where none
have been made (an editable install, a wheel made by pip from the sources) the wheel is for any machine, and rules are
compiled when first they are needed. ``make package`` makes them first, into build/kernels.
"""

import os
import platform
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: The folder of kernels to put in, named in the environment so that kernels of other rules never get in by chance.
VARIABLE = "CROSSFIRE_KERNELS"


def machine_tag() -> str:
    """Return the tag of the machines that kernels made here are for; they need nothing of a system but memcpy."""
    machine = platform.machine().lower()
    if platform.system() == "Linux":
        return f"manylinux_2_17_{machine}" if platform.libc_ver()[0] == "glibc" else f"musllinux_1_1_{machine}"
    if platform.system() == "Darwin":
        return f"macosx_11_0_{machine}"
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


class KernelsHook(BuildHookInterface[Any]):
    """Adds the kernels to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add what ``make package`` has made; nothing to an editable install."""
        folder = os.environ.get(VARIABLE)
        if version == "editable" or not folder:
            return
        files = sorted(Path(folder).absolute().glob("*.kernel"))
        if len(files) != 1:
            raise FileNotFoundError(f"{folder} should hold one file of kernels, and holds {len(files)}: make package")
        build_data["force_include"][str(files[0])] = f"sim/_shipped/kernels/{files[0].name}"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{machine_tag()}"
