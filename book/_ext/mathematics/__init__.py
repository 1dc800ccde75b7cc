"""Formulas and symbols: KaTeX at build time, its fonts, the table of notation."""
