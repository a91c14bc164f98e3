"""One module a step; `NNNN_what_it_does`."""
