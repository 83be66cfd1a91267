"""The steps of a commitment’s life, one address for each; the same for many at once; reminding by hand."""
