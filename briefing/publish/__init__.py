"""A recording to the shelf: the files, the page, the feed; all or nothing."""
