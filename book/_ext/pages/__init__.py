"""What stands around the text: frame, cover, tables, and the files of the site that are no pages."""
