"""The commands: each module holds a few, and is loaded when one of them is called."""
