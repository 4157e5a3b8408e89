"""Compiled kernels on disk: found by what the rules mean and what would compile them, made where they are not there.

All kernels together are one file of machine code (``sim.world.native``) with a checksum, in a folder named after the
rules' hash, so that any checkout of the same rules finds it. One that is damaged, half-written or made for another
processor is not found. Then the one is taken that a wheel carries for any processor of this kind, if it is of these
very rules; else one is made, in a process of its own (``sim.world.whole``), which Ctrl-C ends at once.
"""

import hashlib
import os
import pickle
import platform
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.errors import CrossfireError
from sim.world.aside import surroundings
from sim.world.kept import cache_root, content_of, prune
from sim.world.meaning import rule_hash
from sim.world.native import KERNELS, Code

#: The name of the file that holds all of them.
NATIVE = "native"
#: What of the environment changes the code that Numba makes.
_SETTINGS = ("NUMBA_OPT", "NUMBA_LOOP_VECTORIZE", "NUMBA_SLP_VECTORIZE", "NUMBA_BOUNDSCHECK", "NUMBA_DEBUGINFO")
#: How code is made that any processor of this kind can run.
ANY_PROCESSOR = {
    "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_LOOP_VECTORIZE": "0", "NUMBA_SLP_VECTORIZE": "0",
    "NUMBA_OPT": "3", "NUMBA_BOUNDSCHECK": "0", "NUMBA_DEBUGINFO": "0",
}  # fmt: skip
#: Kernels of so many versions of the rules are kept.
KEPT = 4
#: Where a wheel carries kernels.
SHIPPED = Path(__file__).resolve().parent.parent / "_shipped" / "kernels"

#: Is told how far compiling has come: the share done, and what is under way.
Tell = Callable[[float, str], None]
_tellers: list[Tell] = []
#: Where kernels lie for this process alone, when the user's cache cannot be written.
_own_folder: list[Path] = []


class CompilationFailed(CrossfireError):
    """The rules cannot be compiled here."""


# Where kernels lie -------------------------------------------------------------------------------------------------


@cache
def maker() -> str:
    """Return a hash of what turns rules into machine code: versions, processor, settings."""
    import llvmlite
    import llvmlite.binding as llvm

    cpu = os.environ.get("NUMBA_CPU_NAME") or llvm.get_host_cpu_name()
    features = os.environ.get("NUMBA_CPU_FEATURES")
    if features is None:
        features = "" if cpu == "generic" else llvm.get_host_cpu_features().flatten()
    words = [
        platform.machine(), platform.system(), sys.implementation.cache_tag, version("numba"), llvmlite.__version__,
        version("numpy"), cpu, features, *(f"{name}={value}" for name, value in sorted(settings().items())),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def settings() -> dict[str, str]:
    """Return the settings that kernels are compiled with.

    Loops over hashes multiply 64-bit numbers, which only AVX-512DQ does side by side: elsewhere, LLVM's loops are
    twice as slow as plain ones.
    """
    import llvmlite.binding as llvm

    given = {name: os.environ[name] for name in _SETTINGS if name in os.environ}
    wide = llvm.get_host_cpu_features().get("avx512dq", False) and not os.environ.get("NUMBA_CPU_NAME")
    return ({} if wide else {"NUMBA_LOOP_VECTORIZE": "0"}) | given


def kernel_file(name: str = NATIVE) -> Path:
    """Return the file of the kernels, or of one of those that Numba itself has compiled."""
    folder = _own_folder[-1] if _own_folder else cache_root() / f"rules-{rule_hash()}"
    return folder / f"{name}-{maker()}.kernel"


def shipped_file(folder: Path = SHIPPED) -> Path:
    """Return the file in which a wheel carries the kernels of these rules, for any processor of this kind.

    Neither Python's nor Numba's version is in its name: the code knows of neither.
    """
    return folder / f"{rule_hash()}-{platform.system()}-{platform.machine()}.kernel".lower()


def _files() -> Iterator[Path]:
    """Yield where kernels may lie, the best first; who asks for code of his own kind gets no other."""
    yield kernel_file()
    if not any(name in os.environ for name in ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", *_SETTINGS)):
        yield shipped_file()


def _content() -> bytes | None:
    return next((content for path in _files() if (content := content_of(path)) is not None), None)


def is_compiled() -> bool:
    """Return whether the kernels of these very rules are there, for this processor, and whole."""
    return _content() is not None or all(content_of(kernel_file(name)) is not None for name in KERNELS)


@cache
def native_code() -> Code | None:
    """Return the kernels' machine code, made first where it is not there; None where only Numba's own way works."""
    content = _content()
    if content is None:
        compile_kernels()
        content = _content()
    return None if content is None else Code(content)


# As Numba asks for them, where it has compiled them itself -----------------------------------------------------------


class KernelCache:
    """A kernel's cache, as a dispatcher of Numba wants one: it compiles what it does not find, elsewhere."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def cache_path(self) -> str:
        """Return the folder."""
        return str(kernel_file(self.name).parent)

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Return the compiled kernel, compiled first where it is not there; None where Numba shall do it itself."""
        target.refresh()
        found = self._loaded(signature, target)
        if found is None:
            compile_kernels()
            found = self._loaded(signature, target)
        return found

    def _loaded(self, signature: Any, target: Any) -> Any:
        from numba.core.compiler import CompileResult

        content = content_of(kernel_file(self.name))
        if content is None:
            return None
        text, reduced = pickle.loads(content)
        return CompileResult._rebuild(target, *reduced) if text == str(signature) else None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep nothing: what was compiled for another call than those of programs is of no use to others."""

    def enable(self) -> None:
        """Do nothing: it is always on."""

    def disable(self) -> None:
        """Do nothing: it is always on."""

    def flush(self) -> None:
        """Do nothing: what is kept stays good."""


def packed(signature: Any, compiled: Any) -> bytes:
    """Return a compiled kernel as it is kept."""
    from numba.core.serialize import dumps

    content: bytes = dumps((str(signature), compiled._reduce()))
    return content


# Made where they are not there -------------------------------------------------------------------------------------


@contextmanager
def telling(tell: Tell) -> Iterator[None]:
    """Have ``tell`` called while rules are compiled, with the share done and what is under way."""
    _tellers.append(tell)
    try:
        yield
    finally:
        _tellers.remove(tell)


def _say(share: float, words: str) -> None:
    for tell in _tellers[-1:]:
        tell(share, words)


def compile_kernels() -> None:
    """Make the kernels where they are not there, in a process of their own; another that is at it is waited for.

    Raises
    ------
    CompilationFailed
        If Numba cannot compile them, with its own last words.
    """
    with _alone():
        if is_compiled():
            return
        folder = _writable_folder()
        _say(0.0, "compiling the rules, once for this version")
        quickly = _in_a_process("sim.world.whole", folder)
        if quickly or not is_compiled():
            _say(0.0, f"compiling the rules in the long way, for the quick one failed ({_last_line(quickly)})")
            slowly = _in_a_process("sim.world.whole", folder, "--by-itself")
            if slowly or not is_compiled():
                raise CompilationFailed(f"the rules cannot be compiled: {_last_line(slowly)}")
        _say(1.0, "the rules are compiled")
    prune([*cache_root().glob("rules-*"), *cache_root().glob("*-" + "?" * 16)], KEPT)


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2] or "no kernel came"


def _writable_folder() -> Path:
    """Return where kernels go: the cache, or a folder for this process alone where that cannot be written."""
    folder = kernel_file().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        own = Path(tempfile.mkdtemp(prefix="crossfire-"))
        import atexit

        atexit.register(shutil.rmtree, own, ignore_errors=True)
        _own_folder.append(own)
        _say(0.0, f"{folder}: {error.strerror or error}; the rules are compiled for this command alone")
        return own


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process of a machine compile, and others load what it has compiled."""
    try:
        import fcntl

        cache_root().mkdir(parents=True, exist_ok=True)
        file = (cache_root() / "compiling.lock").open("w")
    except (ImportError, OSError):
        yield
        return
    with file:
        while not is_compiled():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                _say(0.0, "another process is compiling the rules")
                time.sleep(0.5)
            except OSError:  # not every shared file system knows locks
                break
        yield


def ship(folder: Path) -> Path:
    """Make the file in which a wheel carries the kernels, for any processor of this kind; return it.

    Raises
    ------
    CompilationFailed
        If Numba cannot compile them.
    """
    if failed := _in_a_process("sim.world.whole", folder, "--shipped", **ANY_PROCESSOR):
        raise CompilationFailed(f"the rules cannot be compiled for other processors: {_last_line(failed)}")
    return shipped_file(folder)


def _in_a_process(module: str, folder: Path, *words: str, **asked: str) -> str:
    """Run a module that reports ``done total`` in lines; return its errors, nothing where all went well.

    The process is ended with whatever ends this call, so that an interruption is obeyed at once.
    """
    command = [sys.executable, "-m", module, str(folder), *words]
    environment = surroundings() | settings() | asked | {"CROSSFIRE_RULES": ""}
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=environment,
            start_new_session=True,
        )  # fmt: skip
        try:
            _follow(process)
        finally:
            process.kill()
            code = process.wait()
            _stdout(process).close()
        errors.seek(0)
        return "" if code == 0 else errors.read()[-4000:] or f"it ended with code {code}"


def _stdout(process: "subprocess.Popen[bytes]") -> Any:
    assert process.stdout is not None
    return process.stdout


def _follow(process: "subprocess.Popen[bytes]") -> None:
    """Tell of what a process reports until it ends; never wait so long that an interruption would not be seen.

    A line begins with # and names what is compiled, or holds two numbers: what is done, of how much.
    """
    began, output, what = time.monotonic(), _stdout(process), "the rules"
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            if selector.select(timeout=0.5):
                line = output.readline()
                if not line:
                    break
                if line.startswith(b"#"):
                    what = line[1:].decode().strip()
                    _say(0.0, f"compiling {what}")
                    continue
                done, total = (float(word) for word in line.split())
                share = min(done / max(total, 1.0), 1.0)
                _say(share, f"compiling {what}: {share:.0%}{_left(share, time.monotonic() - began)}")
    process.wait()


def _left(share: float, seconds: float) -> str:
    """Return how much time is left, once that can be said."""
    return f", {seconds * (1 - share) / share:.0f} s left" if share > 0.05 else ""
