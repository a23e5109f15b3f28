"""The desk: proof-read, mend, hear and publish in one page on this machine."""
