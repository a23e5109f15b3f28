"""A line that the TOML parser refused -> what is wrong with it, in words that mend it."""

from __future__ import annotations

import re
import tomllib

__all__ = ["explain", "line_number"]

_CURLY = "“”„‟«»‘’‚‛‹›″′＂"
"""Quotes that a word processor puts for straight ones; TOML knows only " and '."""
_STATEMENT = re.compile(r"\s*(?P<key>[^=]*?)\s*=\s*(?P<value>.*?)\s*")
_COMMENT = re.compile(r"\s+#.*$")
_OTHER_VALUES = re.compile(r"[\"'\[{+\-.0-9]|(?:true|false|inf|nan)\b")
"""How a value begins that is no text without quotes."""
_BOOLEANS = {"yes": "true", "on": "true", "true": "true"} | dict.fromkeys(
    ("no", "off", "false"), "false"
)


def line_number(error: tomllib.TOMLDecodeError, text: str) -> int:
    """Return the number of the line that was refused, from 1; the last one for the text's end."""
    match = re.search(r"at line (\d+)", str(error))
    return int(match[1]) if match else max(1, len(text.splitlines()))


def explain(error: tomllib.TOMLDecodeError, text: str) -> str:
    """Return what is wrong with the line that was refused, and how to write it.

    >>> wrong = "title = موجز"
    >>> try:
    ...     tomllib.loads(wrong)
    ... except tomllib.TOMLDecodeError as error:
    ...     print(explain(error, wrong))
    put the text in straight quotes: title = "موجز"
    """
    line = (text.splitlines() or [""])[line_number(error, text) - 1]
    reason = re.sub(r" \(at [^()]*\)$", "", str(error))
    if "overwrite" in reason:
        return "this is there twice; leave one line of the two"
    if "declare" in reason:
        return f"the table {line.strip()} is there twice; write its lines under the first"
    if "escape" in reason.lower() and "\\" in line:
        return f"{reason}; write a path with backslashes in single quotes: 'C:\\news'"
    return _missing_quotes(line) or reason


def _missing_quotes(line: str) -> str:
    """Return how to quote a line's key and value, "" where that is not what is wrong."""
    match = _STATEMENT.fullmatch(line)
    if match is None:
        return ""
    key, value = match["key"], match["value"]
    bare = _COMMENT.sub("", value).strip(_CURLY + " ")
    if key and (key[0] in _CURLY or value[:1] in set(_CURLY)):
        if key[0] in _CURLY:
            key = f'"{key.strip(_CURLY)}"'
        if value[:1] in set(_CURLY):
            value = f'"{bare}"'
        return f'write straight quotes ("), not curly ones: {key} = {value}'
    if key and key[0] not in "\"'[#" and not key.isascii():
        return f'put the word in quotes: "{key}" = …'
    if bare.lower() in _BOOLEANS:
        return f"write {key} = {_BOOLEANS[bare.lower()]}"
    if bare and not _OTHER_VALUES.match(value):
        return f'put the text in straight quotes: {key} = "{bare}"'
    return ""
