"""Fieldwork: surveys on the smuggling of migrants, the facts that they give, and indicators with their uncertainty."""
