"""The work on an article as orders that another machine can carry out, and what comes of them.

An order is JSON with all that speaking a few paragraphs needs; its result is one object with the
plans and clips of them, as entries of the clip cache.
"""
