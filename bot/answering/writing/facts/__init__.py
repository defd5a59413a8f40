"""What a text states: figures, months, units and promises, in every language."""
