"""Other machines that carry out orders of clips, by Dask: who may, and what goes to them."""
