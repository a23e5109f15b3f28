"""`briefing desk`: a page on which an editor proof-reads, mends, hears and builds."""
