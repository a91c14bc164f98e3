"""Reports as files: for a spreadsheet, for a printer, for tools that read processes."""
