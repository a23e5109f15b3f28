"""What the voices that ask a service share: pieces of text, requests, waits, answers."""
