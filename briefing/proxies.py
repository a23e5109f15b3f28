"""The proxy that the user's environment names for an address."""

from __future__ import annotations

__all__ = ["proxy_for", "proxy_login"]


def proxy_for(scheme: str, host: str) -> str | None:
    """Return the proxy's address, None for a direct connection. NO_PROXY is honoured.

    Raise ValueError for what cannot be a proxy's address.
    """
    import urllib.parse
    import urllib.request

    if urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy:
        return None
    proxy = proxy if "//" in proxy else f"http://{proxy}"
    parts = urllib.parse.urlsplit(proxy)
    if not parts.hostname or parts.port == 0:  # the port of a wrong one raises ValueError
        raise ValueError("no host or port")
    return proxy


def proxy_login(proxy: str) -> dict[str, str]:
    """Return the header that names the user to a proxy whose address holds one."""
    import base64
    import urllib.parse

    login = urllib.parse.unquote(urllib.parse.urlsplit(proxy).netloc.rpartition("@")[0])
    if not login:
        return {}
    return {"Proxy-Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}
