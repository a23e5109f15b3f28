"""A server that speaks as OpenAI's does, on this machine or elsewhere."""
