"""The shelf -> a web server, a bucket or a folder, so that its listeners never miss a file."""
