"""Neural voices in Piper's format, spoken by ONNX Runtime alone."""
