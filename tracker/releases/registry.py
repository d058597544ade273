"""What a Python package registry has of a library: its source distributions, verified.

Speaks the simple repository API in JSON (PEP 691), and in HTML (PEP 503) where a mirror has
nothing better.
"""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

import msgspec
import requests
from packaging.utils import InvalidSdistFilename, canonicalize_name, parse_sdist_filename
from packaging.version import Version
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from tracker.errors import DataError, NetworkError, UsageError
from tracker.system.atomic import replace_file

PUBLIC_INDEX = "https://pypi.org/simple"
_INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
_JSON = "application/vnd.pypi.simple.v1+json"
_ACCEPT = f"{_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_TIMEOUT_S = (10, 60)  # to connect, between two pieces
_RETRIES = Retry(total=2, backoff_factor=0.3, status_forcelist=(429, 500, 502, 503, 504))
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_SHA256 = re.compile(r"sha256=([0-9a-f]{64})")
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Sdist:
    """One source distribution.

    Attributes:
        upload_time: ISO 8601 in UTC, "" where the registry does not say.
    """

    version: Version
    filename: str
    url: str
    sha256: str
    upload_time: str


class _File(msgspec.Struct, rename="kebab"):
    filename: str
    url: str
    hashes: dict[str, str]
    upload_time: str = ""
    yanked: bool | str = False


class _Page(msgspec.Struct):
    files: list[_File]


def find_index(environment: Mapping[str, str]) -> str:
    """Return the registry that pip and uv would use: variables, pip's settings, the public one."""
    for name in _INDEX_VARIABLES:
        if environment.get(name):
            return environment[name]
    completed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        check=False,
        text=True,
    )
    return completed.stdout.strip() or PUBLIC_INDEX


def list_sdists(index: str, library: str) -> list[Sdist]:
    """Return the source distributions of *library* at *index*, ascending; yanked ones left out.

    Of two archives of one version the first that the registry names counts.
    """
    if not _NAME.fullmatch(library):
        raise UsageError(f"{library!r} is not a package name", "write it as pip install would")
    page = _get(f"{index.rstrip('/')}/{canonicalize_name(library)}/", library)
    sdists: dict[Version, Sdist] = {}
    for sdist in map(_read_file, _read_page(page)):
        if sdist is not None:
            sdists.setdefault(sdist.version, sdist)
    if not sdists:
        raise DataError(
            f"{library} has no source distributions at {hide_credentials(index)}",
            "name another library, or a registry that has them: PIP_INDEX_URL=...",
        )
    return [sdists[version] for version in sorted(sdists)]


def download(sdist: Sdist, cache: Path) -> Path:
    """Return *sdist* as a file of the folder *cache*, fetched once, its SHA-256 verified."""
    path = cache / sdist.sha256[:16] / sdist.filename
    if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sdist.sha256:
        return path
    content = _get(sdist.url, sdist.filename).content
    if hashlib.sha256(content).hexdigest() != sdist.sha256:
        raise NetworkError(
            f"{sdist.filename} does not have the SHA-256 that the registry lists",
            "try again; if it happens again, do not trust that registry",
        )
    replace_file(path, [content])
    return path


def hide_credentials(url: str) -> str:
    """Return *url* without user and password, for messages."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _get(url: str, what: str) -> requests.Response:
    shown = hide_credentials(url)
    verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("PIP_CERT") or True
    try:
        with requests.Session() as session:
            session.mount("https://", HTTPAdapter(max_retries=_RETRIES))
            session.mount("http://", HTTPAdapter(max_retries=_RETRIES))
            answer = session.get(
                url, headers={"Accept": _ACCEPT}, timeout=_TIMEOUT_S, verify=verify
            )
    except requests.RequestException as error:
        reason = hide_credentials(str(error).partition(":")[0])
        raise NetworkError(
            f"{shown} did not answer ({type(error).__name__}: {reason})",
            "check the connection and PIP_INDEX_URL, then run it again: downloads are kept",
        ) from error
    if answer.status_code == _NOT_FOUND:
        raise UsageError(
            f"there is no {what} at {shown}", "check the spelling, or set PIP_INDEX_URL"
        )
    if not answer.ok:
        raise NetworkError(
            f"{shown} answered {answer.status_code} {answer.reason}", "try again later"
        )
    return answer


def _read_page(answer: requests.Response) -> Iterable[_File]:
    """Return the files that the page names, their addresses made absolute."""
    try:
        if "json" in answer.headers.get("Content-Type", ""):
            files = msgspec.json.decode(answer.content, type=_Page).files
        else:
            files = _Links.read(answer.text)
    except msgspec.MsgspecError as error:
        raise NetworkError(
            f"{hide_credentials(answer.url)} is not a page of a package registry: {error}",
            "check PIP_INDEX_URL",
        ) from error
    return [msgspec.structs.replace(file, url=urljoin(answer.url, file.url)) for file in files]


class _Links(HTMLParser):
    """Collects the links of a PEP 503 page."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[_File] = []

    @classmethod
    def read(cls, text: str) -> list[_File]:
        """Return the files that *text* links to."""
        parser = cls()
        parser.feed(text)
        return parser.files

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep every link that carries a hash."""
        attributes = dict(attrs)
        url, fragment = urldefrag(attributes.get("href") or "")
        if tag == "a" and (found := _SHA256.search(fragment)):
            name = unquote(urlsplit(url).path.rpartition("/")[2])
            yanked = "data-yanked" in attributes
            self.files.append(
                _File(filename=name, url=url, hashes={"sha256": found[1]}, yanked=yanked)
            )


def _read_file(file: _File) -> Sdist | None:
    """Return *file* as a source distribution; None for wheels, yanked and unverifiable files."""
    sha256 = file.hashes.get("sha256", "")
    is_tar = file.filename.endswith(".tar.gz") and "/" not in file.filename
    if file.yanked is not False or not sha256 or not is_tar:
        return None
    try:
        _, version = parse_sdist_filename(file.filename)
    except InvalidSdistFilename:
        return None
    return Sdist(
        version=version,
        filename=file.filename,
        url=file.url,
        sha256=sha256,
        upload_time=file.upload_time,
    )
