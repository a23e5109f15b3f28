"""Feeds and pages of the web -> the inbox, a folder that builds read articles from.

Gathering is a step of its own (`gather`): it alone opens connections, and it writes what servers
answered. A build reads files only (`selection`, `reading`), so that it can be repeated.
"""
