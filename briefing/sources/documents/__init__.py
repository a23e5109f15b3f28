"""Documents of every kind -> articles: Word, OpenDocument, EPUB, Markdown, web pages, feeds, JSON.

A reader takes bytes, a name and hints, and returns `Document`s: `parsing.parse`. It runs in a child
process with limits (`child`). Its result is cached by the digest of the bytes (`store`). Only
`kinds` and `document` are imported at start-up; they import no library.
"""
