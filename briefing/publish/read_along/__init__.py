"""The read-along book: an edition's text and sound as one EPUB 3.3 file with Media Overlays.

A reading system highlights each word while it is heard. `writer` writes the file as a stream;
`documents` makes the text and the overlays, `package` what describes them, `archive` the ZIP file.
"""
