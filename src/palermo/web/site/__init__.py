"""The public pages as a folder of files, to be served from anywhere or carried on a stick, without the register.

What goes out is what an anonymous visitor is given and nothing else: every page is asked of the application itself,
as somebody who has not signed in.
"""

from palermo.web.site.writing import Exported, Unfit, export

__all__ = ["Exported", "Unfit", "export"]
