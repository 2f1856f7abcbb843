"""The read API in the shape of ODK Central: sessions, projects, forms, OData."""
