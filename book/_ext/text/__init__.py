"""The source of a page: its lines and names, the faults in it, and what its prose may not hold."""
