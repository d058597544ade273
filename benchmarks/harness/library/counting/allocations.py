"""Counts every allocation that this process and its forks ask of Python's allocators.

The three allocation domains (`PyMem_SetAllocator`) get functions of a few machine instructions that
add one to a number in shared memory and jump to the allocator that was there. A Python function
could not: it would allocate. What C libraries ask of malloc directly is not seen.
"""

import ctypes
import mmap
import platform
import struct
from collections.abc import Sequence

from benchmarks.harness.shared.count_files import ALLOCATED, CountFile

DOMAINS = (0, 1, 2)
"""Raw, memory, objects."""

ALLOCATING = ("malloc", "calloc", "realloc")


class Allocator(ctypes.Structure):
    """`PyMemAllocatorEx` of CPython's Include/cpython/pymem.h."""

    _fields_ = [
        ("context", ctypes.c_void_p),
        *((name, ctypes.c_void_p) for name in (*ALLOCATING, "free")),
    ]


def counting_jump(counter: int, target: int) -> bytes:
    """Machine code: `mov rax, counter; lock inc qword [rax]; mov rax, target; jmp rax`."""
    load, add_one, jump = b"\x48\xb8", b"\xf0\x48\xff\x00", b"\xff\xe0"
    return load + struct.pack("<Q", counter) + add_one + load + struct.pack("<Q", target) + jump


PROCESSORS = ("x86_64", "AMD64")
"""Those whose code `counting_jump` gives."""


def begin(file: CountFile) -> None:
    """Count from now on.

    Raises:
        RuntimeError: there is no such code for this processor.
        OSError: the system allows no memory that is made executable.
    """
    if platform.machine() not in PROCESSORS:
        raise RuntimeError(f"allocations cannot be counted on {platform.machine()}")
    counter = ctypes.addressof(ctypes.c_int64.from_buffer(file.map, 8 * ALLOCATED))
    for domain in DOMAINS:
        allocator = Allocator()
        ctypes.pythonapi.PyMem_GetAllocator(domain, ctypes.byref(allocator))
        codes = [counting_jump(counter, getattr(allocator, name)) for name in ALLOCATING]
        for name, address in zip(ALLOCATING, _executable(codes), strict=True):
            setattr(allocator, name, address)
        ctypes.pythonapi.PyMem_SetAllocator(domain, ctypes.byref(allocator))
    _keep_for_ever(file.map)


def _keep_for_ever(memory: mmap.mmap) -> None:
    """Allocations are counted until the process is gone, after the interpreter has cleaned up."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(memory))


def _executable(codes: Sequence[bytes]) -> list[int]:
    """Addresses of *codes* in memory that can be executed."""
    size = -(-sum(map(len, codes)) // mmap.PAGESIZE) * mmap.PAGESIZE
    page = mmap.mmap(-1, size, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    _keep_for_ever(page)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    places = []
    for code in codes:
        places.append(address + page.tell())
        page.write(code)
    return places
