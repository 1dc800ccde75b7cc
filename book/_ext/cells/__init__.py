"""What runs while the book is built: code cells, the figures that they draw, the examples of the package."""
