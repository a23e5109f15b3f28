"""The page to listen on, built from an edition's sidecar."""
