"""Where a profiler saw the processes of one library, in one scenario at one commit.

The harness writes it as an answer on demand; nothing keeps it but an explanation.
"""

import msgspec

VERSION = 1


class RoleSamples(msgspec.Struct, frozen=True, kw_only=True):
    """One role in one round of workers.

    Attributes:
        tasks: so many were done meanwhile.
        seconds: how long it was sampled; `looks`: how often each of its threads was looked at.
        cpu_s: CPU seconds that it used meanwhile.
        functions: file from its package on, qualified name, and how often a thread was seen in it,
            or in code of others that it calls; the library's own functions only.
    """

    tasks: int
    seconds: float
    looks: int
    cpu_s: float
    functions: tuple[tuple[str, str, int], ...]


class ProfilerSamples(msgspec.Struct, frozen=True, kw_only=True):
    """One round: "worker" and "producer" to what each was seen to do."""

    version: int
    profiler: str
    roles: dict[str, RoleSamples]


def convert_samples(content: object) -> ProfilerSamples:
    """Return the samples in *content*, decoded JSON.

    Raises:
        msgspec.ValidationError: it is no such thing, or of another version.
    """
    samples = msgspec.convert(content, ProfilerSamples)
    if samples.version != VERSION:
        raise msgspec.ValidationError(f"samples of version {samples.version}, expected {VERSION}")
    return samples
