"""What tasks and apps need of the web, from a folder that is the same for every library.

The web environment (locks/web.txt) is appended to the path: what the library itself brings wins,
so a measured environment is never changed by it.
"""

import asyncio
import functools
import os
import ssl
import sys
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import httpx

FOLDER_VARIABLE = "TRACKER_WEB"
API_VARIABLE = "MOCK_API_URL"
REQUESTS_FILE = "requests"
"""In the folder of a measurement: when each HTTP request was sent and answered."""
TIMEOUT_S = 30.0

_async_clients: "WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient]"
_async_clients = WeakKeyDictionary()


def add_to_path() -> None:
    """Append the web environment to the module path; harmless when done twice."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder and folder not in sys.path:
        sys.path.append(folder)


def client() -> "httpx.Client":
    """The one client of this process; its connections are kept between tasks."""
    return _client_of(os.getpid())


@functools.lru_cache(maxsize=1)
def _client_of(_pid: int) -> "httpx.Client":
    """Make a client; keyed by process, since connections do not survive a fork."""
    add_to_path()
    import httpx

    return httpx.Client(**_settings())


def async_client() -> "httpx.AsyncClient":
    """The one client of this event loop."""
    loop = asyncio.get_running_loop()
    client = _async_clients.get(loop)
    if client is None:
        add_to_path()
        import httpx

        client = _async_clients[loop] = httpx.AsyncClient(**_settings())
    return client


def _settings() -> dict[str, Any]:
    """The same for both forms: every connection is kept (httpx keeps 20 by default, of 100 places).

    The service is plain HTTP: reading the system's certificates would cost every fork 30 ms.
    """
    import httpx

    return {
        "base_url": os.environ[API_VARIABLE],
        "timeout": TIMEOUT_S,
        "limits": httpx.Limits(max_connections=None, max_keepalive_connections=None),
        "verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        "trust_env": False,
    }
