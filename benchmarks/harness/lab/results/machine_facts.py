"""What is known of the machine and the interpreter, for the record."""

import contextlib
import os
import platform
from pathlib import Path

IMAGE_VARIABLES = ("ImageOS", "ImageVersion", "RUNNER_NAME")
"""Set on GitHub's runners; the image is part of what a result was measured on."""


def machine_facts() -> dict[str, str]:
    """CPU model, cores, memory, kernel, Python, image."""
    image = " ".join(os.environ[name] for name in IMAGE_VARIABLES if name in os.environ)
    facts = {
        "cpu": cpu_model(),
        "cores": str(os.cpu_count() or "unknown"),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }
    with contextlib.suppress(OSError, ValueError, AttributeError):
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        facts["memory"] = f"{total / 2**30:.1f} GiB"
    return {**facts, "image": image} if image else facts


def cpu_model() -> str:
    """The processor's own name for itself, or its architecture."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() in {"model name", "Model"}:
                return value.strip()
    return platform.processor() or platform.machine()
