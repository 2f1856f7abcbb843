"""palermo: the software of a national response to trafficking in persons and the smuggling of migrants."""

__version__ = "0.1.0"
