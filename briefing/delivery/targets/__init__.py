"""Where a shelf is delivered to: a folder, a machine with ssh, a bucket.

folder: an address without a scheme. rsync: ssh://host/path. bucket: s3://bucket/prefix.
"""
