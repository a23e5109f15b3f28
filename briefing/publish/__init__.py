"""A recording -> the published files, the page and the feed, all or nothing."""
