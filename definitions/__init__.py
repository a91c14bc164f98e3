"""The definitions that come with the product, and how definition files are read and checked."""
