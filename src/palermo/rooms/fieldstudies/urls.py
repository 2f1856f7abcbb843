"""x."""

app_name = "fieldstudies"
urlpatterns = []
