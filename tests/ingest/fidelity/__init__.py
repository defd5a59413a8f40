"""Documents that readers get wrong, with what is right."""
