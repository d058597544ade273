"""Takes one file out of one artifact, in memory, trusting nothing about either."""

import io
import time
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests

from tracker.errors import DataError, NetworkError
from tracker.github.api import Api, Json

MAX_ARCHIVE_BYTES = 8 * 2**20
_CHUNK_BYTES = 2**16
_ENCRYPTED = 0x1
_TIMEOUTS_S = (10.0, 30.0)
_DOWNLOAD_S = 120.0
_TRIES = 3
# How GitHub packs; a header of the others may ask for gigabytes of memory.
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What zipfile raises for data that is no such archive.
_UNSOUND = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """The one file of an artifact.

    Attributes:
        artifact: the artifact's number.
    """

    artifact: int
    name: str
    data: bytes


def read_member(api: Api, run_id: int, artifact: str, limits: Mapping[str, int]) -> Member | None:
    """Return the one file of the artifact that a run left; None without an artifact.

    Args:
        api: of the repository.
        run_id: the run.
        artifact: its name.
        limits: what the file may be called, and how many bytes it may then have.

    Raises:
        DataError: the archive is anything but one file of such a name and size, or is gone.
        NetworkError: GitHub or its store of artifacts did not deliver.
    """
    record = _find(api, run_id, artifact)
    if record is None:
        return None
    if int(record.get("size_in_bytes", 0)) > MAX_ARCHIVE_BYTES:
        raise _refuse(artifact, f"has {record['size_in_bytes']} bytes")
    location = api.redirection(f"actions/artifacts/{int(record['id'])}/zip")
    archive = _download(urljoin(api.session.base_url, location), artifact, api.session.trust_env)
    name, data = _only_member(archive, artifact, limits)
    return Member(artifact=int(record["id"]), name=name, data=data)


def _find(api: Api, run_id: int, name: str) -> Json | None:
    path = f"actions/runs/{run_id}/artifacts"
    listed = api.pages(path, key="artifacts", name=name)
    found = [item for item in listed if item.get("name") == name]
    # A job that was run again leaves another one of the same name.
    newest = max(found, key=lambda item: int(item["id"]), default=None)
    if newest is not None and newest.get("expired"):
        raise DataError(
            f"artifact {name!r} has expired; nothing was posted", "run the measuring workflow again"
        )
    return newest


def _download(url: str, artifact: str, trust_env: bool) -> bytes:  # noqa: FBT001
    """Fetch from the store, which is another host: in a session that holds no token."""
    if urlsplit(url).scheme not in {"https", "http"}:
        raise _refuse(artifact, "has an unexpected address")
    for attempt in range(_TRIES):
        try:
            with requests.Session() as session:
                session.trust_env = trust_env
                with session.get(url, stream=True, timeout=_TIMEOUTS_S) as answer:
                    answer.raise_for_status()
                    return _read(answer, artifact)
        except requests.RequestException as error:
            if attempt + 1 == _TRIES:
                raise NetworkError(
                    f"artifact {artifact!r} cannot be downloaded: {type(error).__name__}",
                    "run the job again",
                ) from error
    raise AssertionError("the last try returns or raises")


def _read(answer: requests.Response, artifact: str) -> bytes:
    data = bytearray()
    end = time.monotonic() + _DOWNLOAD_S
    for chunk in answer.iter_content(_CHUNK_BYTES):
        data += chunk
        if time.monotonic() > end:
            raise requests.Timeout
        if len(data) > MAX_ARCHIVE_BYTES:
            raise _refuse(artifact, f"has more than {MAX_ARCHIVE_BYTES} bytes")
    return bytes(data)


def _only_member(archive: bytes, artifact: str, limits: Mapping[str, int]) -> tuple[str, bytes]:
    """Read the only member; nothing is written to disk, nor more than its limit inflated."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            infos = opened.infolist()
            if len(infos) != 1 or infos[0].filename not in limits:
                wanted = " or ".join(limits)
                raise _refuse(artifact, f"has {len(infos)} entries instead of {wanted} alone")
            info = infos[0]
            limit = limits[info.filename]
            if info.flag_bits & _ENCRYPTED:
                raise _refuse(artifact, "is encrypted")
            if info.compress_type not in _PACKED:
                raise _refuse(
                    artifact, f"uses compression method {info.compress_type}, which GitHub does not"
                )
            if info.file_size > limit:
                raise _refuse(artifact, f"holds {info.file_size} bytes, more than {limit}")
            with opened.open(info) as stream:
                data = stream.read(limit + 1)
    except _UNSOUND as error:
        raise _refuse(artifact, "is not a valid zip file") from error
    if len(data) > limit:
        raise _refuse(artifact, f"holds more than {limit} bytes")
    return info.filename, data


def _refuse(artifact: str, why: str) -> DataError:
    return DataError(
        f"artifact {artifact!r} {why}; nothing was posted",
        "the job that measures must upload the one file that `tracker compare --out` wrote",
    )
